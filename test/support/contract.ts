import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { toClosedSchema, type JsonObject, type JsonValue } from './openapi-schema.js';

export interface Answer {
  method: string;
  /** Path without the query. */
  path: string;
  status: number;
  /** Media type without parameters, empty when there is no body. */
  contentType: string;
  /** Parsed body of a JSON answer. */
  body: unknown;
}

type Content = Record<string, { schema?: JsonValue } | undefined>;

const DOCUMENT = 'openapi';

/**
 * Holds every answer of the API against its own OpenAPI document: the route, the status, the media type and the body.
 * A property that the document does not name is a mismatch too.
 */
export class Contract {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });
  private readonly document: JsonObject;
  private readonly templates: { template: string; pattern: RegExp; parameters: number }[];
  private readonly validators = new Map<string, ValidateFunction>();

  constructor(document: JsonObject) {
    this.document = toClosedSchema(document) as JsonObject;
    formats.default(this.ajv);
    this.ajv.addSchema({ ...this.document, $id: DOCUMENT });
    this.templates = Object.keys(this.document['paths'] as JsonObject).map((template) => ({
      template,
      pattern: new RegExp(
        `^${template
          .split(/\{[^}]+\}/)
          .map(escapeRegExp)
          .join('[^/]+')}$`,
      ),
      parameters: template.split('{').length - 1,
    }));
  }

  /** Throws, saying what differs, when the document does not allow this answer. */
  check(answer: Answer): void {
    const title = `${answer.method.toUpperCase()} ${answer.path} -> ${answer.status}`;
    const template = this.templateOf(answer.path);
    if (template === undefined) throw new Error(`${title}: the OpenAPI document has no such path`);
    const pointer = ['paths', template, answer.method.toLowerCase(), 'responses'];
    const responses = this.at(pointer);
    if (responses === undefined) throw new Error(`${title}: ${template} does not document this method`);
    const status = [String(answer.status), `${Math.floor(answer.status / 100)}XX`, 'default'].find(
      (key) => key in responses,
    );
    if (status === undefined) {
      throw new Error(`${title}: the status is not documented for ${template}; body ${brief(answer.body)}`);
    }
    this.checkBody(title, [...pointer, status], answer);
  }

  private checkBody(title: string, pointer: string[], answer: Answer): void {
    const { pointer: place, value } = this.follow(pointer);
    const content = value['content'] as Content | undefined;
    if (content === undefined || Object.keys(content).length === 0) {
      if (answer.contentType !== '') throw new Error(`${title}: a body that is not documented: ${brief(answer.body)}`);
      return;
    }
    const media = content[answer.contentType];
    if (media === undefined) {
      throw new Error(`${title}: ${answer.contentType || 'no body'} instead of ${Object.keys(content).join(', ')}`);
    }
    if (media.schema === undefined || !answer.contentType.endsWith('json')) return;
    const validate = this.validatorAt([...place, 'content', answer.contentType, 'schema']);
    if (validate(answer.body)) return;
    const problems = (validate.errors ?? []).map(
      (error) => `  ${error.instancePath || '/'} ${error.message} ${JSON.stringify(error.params)}`,
    );
    throw new Error(
      `${title}: the body differs from the document\n${problems.join('\n')}\n  body ${brief(answer.body)}`,
    );
  }

  /** The path template with the fewest parameters that fits: `/users/me` wins over `/users/{id}`. */
  private templateOf(path: string): string | undefined {
    const fitting = this.templates.filter(({ pattern }) => pattern.test(path));
    return fitting.sort((one, two) => one.parameters - two.parameters)[0]?.template;
  }

  private validatorAt(pointer: string[]): ValidateFunction {
    const reference = `${DOCUMENT}#/${pointer.map(escapePointer).join('/')}`;
    const validate = this.validators.get(reference) ?? this.ajv.compile({ $ref: reference });
    this.validators.set(reference, validate);
    return validate;
  }

  private at(pointer: string[]): JsonObject | undefined {
    let value: JsonValue | undefined = this.document;
    for (const key of pointer) value = (value as JsonObject | undefined)?.[key];
    return value as JsonObject | undefined;
  }

  private follow(pointer: string[]): { pointer: string[]; value: JsonObject } {
    const value = this.at(pointer) ?? {};
    const reference = value['$ref'];
    if (typeof reference !== 'string') return { pointer, value };
    return this.follow(reference.replace(/^#\//, '').split('/'));
  }
}

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const escapePointer = (key: string): string => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'));
const brief = (body: unknown): string => (body === undefined ? 'none' : JSON.stringify(body).slice(0, 600));
