// Holds JSON documents against a JSON Schema of draft 2020-12. From standard input: {schema, documents}; to standard output: for
// each document the faults that were found.
import { readFileSync } from 'node:fs'
import Ajv2020 from 'ajv/dist/2020.js'

const { schema, documents } = JSON.parse(readFileSync(0, 'utf8'))
const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, validateFormats: false })
const holds = ajv.compile(schema)
const faults = documents.map((document) => (holds(document) ? [] : holds.errors.map((fault) => `${fault.instancePath} ${fault.message}`)))
console.log(JSON.stringify(faults))
