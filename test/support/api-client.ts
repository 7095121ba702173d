import supertest, { type Response, type Test } from 'supertest';
import type { Contract } from './contract.js';

type Headers = Readonly<Record<string, string>>;

/** Requests against one running API that fail the test when an answer is not what the OpenAPI document says. */
export class ApiClient {
  constructor(
    private readonly url: string,
    private readonly contract: Contract | null,
    private readonly headers: Headers,
  ) {}

  get(path: string): Test {
    return this.request('get', path);
  }

  post(path: string, body?: string | object): Test {
    return withBody(this.request('post', path), body);
  }

  put(path: string, body?: string | object): Test {
    return withBody(this.request('put', path), body);
  }

  patch(path: string, body?: string | object): Test {
    return withBody(this.request('patch', path), body);
  }

  delete(path: string): Test {
    return this.request('delete', path);
  }

  /** The same client with other credentials or headers, for example `{ Authorization: 'Bearer ...' }`. */
  with(headers: Headers): ApiClient {
    return new ApiClient(this.url, this.contract, { ...this.headers, ...headers });
  }

  /** For requests outside the document: unknown paths, wrong methods, pages for people. */
  unchecked(): ApiClient {
    return new ApiClient(this.url, null, this.headers);
  }

  private request(method: 'get' | 'post' | 'put' | 'patch' | 'delete', path: string): Test {
    const request = supertest(this.url)[method](path).set(this.headers);
    const contract = this.contract;
    if (contract === null) return request;
    return request.expect((response: Response) => {
      const contentType = (response.headers['content-type'] ?? '').split(';')[0]!.trim();
      const body: unknown = response.body;
      contract.check({ method, path: path.split('?')[0]!, status: response.status, contentType, body });
    });
  }
}

const withBody = (request: Test, body: string | object | undefined): Test =>
  body === undefined ? request : request.send(body);
