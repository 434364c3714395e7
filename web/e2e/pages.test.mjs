// The pages that a Rust test names in PAGES, each in a window of its own. The service runs already, at BASE_URL.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { base, launch, pages, visit, windowFor } from './visit.mjs'

let browser
before(async () => { browser = await launch() })
after(() => browser?.close())

test('pages are named', () => assert.ok(base && pages.length > 0, 'BASE_URL and PAGES say what to look at'))

for (const each of pages) {
  test(`${each.name}: ${each.path}`, async () => {
    const context = await windowFor(browser, each.cookie)
    try {
      await visit(await context.newPage(), each)
    } finally {
      await context.close()
    }
  })
}
