// Looks at pages in one browser, from the first to the last: each line of input names some, as a list of visits, and is
// answered by a line that lists what is wrong with them. The service runs already, at BASE_URL.
import { createInterface } from 'node:readline'
import { launch, visit, windowFor } from './visit.mjs'

const browser = await launch()
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await faultsOfAll(JSON.parse(line))))
}
await browser.close()

// Whoever looks has a window of their own, and two pages open at a time.
async function faultsOfAll(visits) {
  const faults = []
  for (const cookie of new Set(visits.map(each => each.cookie))) {
    const context = await windowFor(browser, cookie)
    const left = visits.filter(each => each.cookie === cookie)
    const lookAtTheNext = async () => {
      for (let each = left.shift(); each; each = left.shift()) faults.push(...await faultsOf(context, each))
    }
    await Promise.all([lookAtTheNext(), lookAtTheNext()])
    await context.close()
  }
  return faults
}

async function faultsOf(context, each) {
  const page = await context.newPage()
  try {
    await visit(page, each)
    return []
  } catch (fault) {
    return [`${each.name}: ${each.path}: ${fault.message}`]
  } finally {
    await page.close()
  }
}
