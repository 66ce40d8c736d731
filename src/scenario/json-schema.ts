/* The scenario's JSON Schema (draft 2020-12), for editors: what may be written, with units as texts. */
import { z } from 'zod'
import { formsOf } from './fields.ts'
import { SCENARIO } from './schema.ts'

function schemaOf(schema: z.core.$ZodType): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(schema as z.ZodType, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const forms = formsOf(zodSchema)
      if (forms === undefined) return
      jsonSchema.anyOf = forms.map((form) => {
        const { $schema: _, ...rest } = schemaOf(form)
        return rest
      })
    }
  })
}

export function scenarioJsonSchema(): object {
  const { $schema, ...rest } = schemaOf(SCENARIO)
  return { $schema, title: 'tailtax scenario', ...rest }
}
