/** JSON schemas as tables of a page. */

/** The parts of a JSON schema that the pages show. */
export interface JsonSchema {
  type?: string
  description?: string
  enum?: unknown[]
  const?: unknown
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
}

/** One schema for lines of which each is of one of several types. */
export function unionSchema(title: string, description: string, schemas: readonly JsonSchema[]): string {
  const union = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title,
    description,
    oneOf: schemas.map(schema => ({ ...schema, $schema: undefined })),
  }
  return `${JSON.stringify(union, null, 2)}\n`
}

/** A row for each field that is wanted. */
export function table(
  { properties = {}, required = [] }: JsonSchema,
  wanted: (name: string) => boolean,
): string[] {
  const rows = Object.entries(properties)
    .filter(([name]) => wanted(name))
    .map(([name, schema]) => {
      const optional = required.includes(name) ? '' : ' (optional)'
      return `| \`${name}\`${optional} | ${typeOf(schema)} | ${schema.description ?? ''} |`
    })
  return ['| field | type | meaning |', '|---|---|---|', ...rows]
}

function typeOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``
  if (schema.enum !== undefined) return schema.enum.map(value => `\`${String(value)}\``).join(', ')
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {})}`
  if (schema.type === 'object') return `{ ${Object.keys(schema.properties ?? {}).join(', ')} }`
  return schema.type ?? 'any'
}
