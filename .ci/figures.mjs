// Holds the replay's figures against what the Ministry published of round 1 of the Local Digital Fund.
import { readFileSync } from 'node:fs'
import assert from 'node:assert/strict'

const published = {
  eoi: 389, late_refused: 2, organisations: 171, full: 77, shortlisted: 27, funded: 16,
  awarded_pence: 125149200, councils_funded: 57, verified: true,
}
const figures = JSON.parse(readFileSync(process.argv[2], 'utf8'))
for (const [name, value] of Object.entries(published)) {
  assert.equal(figures[name], value, `${name}: the replay counts ${figures[name]}, published is ${value}`)
}
for (const name of ['invited', 'events', 'seconds']) assert.ok(figures[name] > 0, `${name} is missing`)
console.log(`The replay's figures are the published ones (${figures.seconds} s).`)
