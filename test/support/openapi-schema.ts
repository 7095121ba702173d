export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;
export interface JsonObject {
  [key: string]: JsonValue;
}

/**
 * An OpenAPI 3.0 or 3.1 document as JSON Schema 2020 understands it: `nullable` and boolean bounds spelled out, and
 * objects closed, so that a property nobody documented does not pass. Objects that say `additionalProperties`
 * themselves, and the parts of an intersection, stay as they are.
 */
export function toClosedSchema(document: JsonValue): JsonValue {
  return convert(document, intersectionParts(document), '#', false);
}

/** References that are one of several parts of an `allOf`; closing them would make the whole unsatisfiable. */
function intersectionParts(value: JsonValue, found = new Set<string>()): Set<string> {
  if (typeof value !== 'object' || value === null) return found;
  if (!Array.isArray(value) && Array.isArray(value['allOf']) && isIntersection(value)) {
    for (const part of value['allOf']) {
      const reference = (part as JsonObject)['$ref'];
      if (typeof reference === 'string') found.add(reference);
    }
  }
  for (const inner of Object.values(value)) intersectionParts(inner, found);
  return found;
}

const isIntersection = (schema: JsonObject): boolean =>
  Array.isArray(schema['allOf']) && (schema['allOf'].length > 1 || 'properties' in schema);

function convert(value: JsonValue, parts: ReadonlySet<string>, place: string, isPart: boolean): JsonValue {
  if (Array.isArray(value)) return value.map((inner, index) => convert(inner, parts, `${place}/${index}`, isPart));
  if (typeof value !== 'object' || value === null) return value;
  const result: JsonObject = {};
  for (const [key, inner] of Object.entries(value)) {
    const innerIsPart = key === 'allOf' ? isIntersection(value) : false;
    if (key === 'example' || key === 'examples' || key === 'enum' || key === 'default') result[key] = inner;
    else result[key] = convert(inner, parts, `${place}/${key}`, innerIsPart);
  }
  if (!isPart && !parts.has(place)) close(result);
  return withoutOpenApiDialect(result);
}

function close(schema: JsonObject): void {
  const isObject = schema['type'] === 'object' && isPlainObject(schema['properties']);
  const isOpen = !('additionalProperties' in schema) && !('unevaluatedProperties' in schema);
  if ((isObject || isIntersection(schema)) && isOpen) schema['unevaluatedProperties'] = false;
}

function withoutOpenApiDialect(schema: JsonObject): JsonValue {
  const { nullable, ...rest } = withNumericBounds(schema);
  if (typeof nullable !== 'boolean') return nullable === undefined ? rest : { nullable, ...rest };
  return nullable ? { anyOf: [rest, { type: 'null' }] } : rest;
}

function withNumericBounds(schema: JsonObject): JsonObject {
  const { exclusiveMinimum, exclusiveMaximum, minimum, maximum, ...rest } = schema;
  return {
    ...rest,
    ...bound('minimum', minimum, 'exclusiveMinimum', exclusiveMinimum),
    ...bound('maximum', maximum, 'exclusiveMaximum', exclusiveMaximum),
  };
}

function bound(
  name: string,
  limit: JsonValue | undefined,
  exclusiveName: string,
  exclusive: JsonValue | undefined,
): JsonObject {
  if (exclusive === true && limit !== undefined) return { [exclusiveName]: limit };
  const isNewForm = exclusive !== undefined && typeof exclusive !== 'boolean';
  return { ...(limit === undefined ? {} : { [name]: limit }), ...(isNewForm ? { [exclusiveName]: exclusive } : {}) };
}

const isPlainObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
