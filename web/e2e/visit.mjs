// One page in a real browser, held to what every page must be: accessible by axe's WCAG 2.2 AA rules, no sideways
// scrolling down to 320 px, no error and no refused script or style, a keyboard that gets in, valid HTML.
import assert from 'node:assert/strict'
import { readFileSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { faultsOf } from './html.mjs'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const standard = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const widths = [1280, 320]

export const base = process.env.BASE_URL

export function launch() {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync']
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args })
}

// A window of its own, holding the cookies of whoever looks.
export async function windowFor(browser, cookie, options = {}) {
  // axe is put into the page past the page's own policy, which stays in force for the page itself.
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  const held = (cookie ?? '').split('; ').filter(Boolean).map(pair => {
    const cut = pair.indexOf('=')
    return { name: pair.slice(0, cut), value: pair.slice(cut + 1), url: base }
  })
  if (held.length > 0) await context.addCookies(held)
  return context
}

export async function visit(page, { path, status = 200, name }) {
  const complaints = listen(page, status)
  const response = await page.goto(base + path, { waitUntil: 'load' })
  assert.equal(response.status(), status, `${path} answers ${response.status()}`)
  assert.deepEqual(await faultsOf(await response.text(), path), [], `the HTML of ${path}`)
  assert.deepEqual(await wrongCountdowns(page), [], `what is left of a time on ${path}`)
  await page.evaluate(axe)
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 })
    assert.deepEqual(await sidewaysScrolling(page), [], `${path} scrolls sideways at ${width} px`)
    assert.deepEqual(await violations(page), [], `axe on ${path} at ${width} px`)
    await picture(page, `${name}-${width}`)
  }
  await reachesTheContentByKeyboard(page, path)
  assert.deepEqual(complaints, [], `what the browser complained of on ${path}`)
}

// Errors of scripts, refusals by the content security policy, and things that did not load; the page's own expected status
// is no complaint.
function listen(page, status) {
  const complaints = []
  page.on('pageerror', error => complaints.push(String(error)))
  page.on('requestfailed', request => complaints.push(`${request.url()}: ${request.failure()?.errorText}`))
  page.on('console', message => {
    if (message.type() !== 'error' && !/content security policy/i.test(message.text())) return
    if (status >= 400 && message.location().url === page.url()) return
    complaints.push(message.text())
  })
  return complaints
}

// Closing times that are still to come and say beside them nothing of what is left, or something else than the clock.
function wrongCountdowns(page) {
  return page.evaluate(() => [...document.querySelectorAll('time[data-countdown]')].filter(time => {
    const minutes = Math.floor((Date.parse(time.dateTime) - Date.parse(time.dataset.countdown)) / 60000)
    const said = time.nextElementSibling?.textContent ?? ''
    const says = minutes => [[Math.floor(minutes / 1440), 'day'], [Math.floor(minutes / 60) % 24, 'hour']]
      .every(([count, unit]) => count === 0 || said.includes(`${count} ${unit}`))
    // The page has been open for a moment.
    return minutes > 60 && !says(minutes) && !says(minutes - 1)
  }).map(time => time.outerHTML + time.nextElementSibling?.textContent))
}

async function violations(page) {
  const found = await page.evaluate(values => globalThis.axe.run(document, { runOnly: { type: 'tag', values } }), standard)
  return found.violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(node => node.html).join(' ')}`)
}

// The elements that make the page wider than the window; those within a region that scrolls by itself are no fault.
function sidewaysScrolling(page) {
  return page.evaluate(() => {
    const root = document.documentElement
    if (root.scrollWidth <= root.clientWidth) return []
    const wide = [...document.body.querySelectorAll('*')].filter(one => one.getBoundingClientRect().right > root.clientWidth + 1)
    return [`${root.scrollWidth} px`, ...wide.slice(0, 5).map(one => one.outerHTML.slice(0, 120))]
  })
}

// The first stop of the Tab key is the link past the header, and it leads to the main content; unless the page has put the
// focus on its error summary or banner already.
async function reachesTheContentByKeyboard(page, path) {
  const placed = await page.evaluate(() => document.activeElement !== document.body)
  if (placed) return
  await page.keyboard.press('Tab')
  const first = await page.evaluate(() => ({ href: document.activeElement.getAttribute('href'), words: document.activeElement.textContent.trim() }))
  assert.match(first.href ?? '', /^#./, `the first stop of the Tab key on ${path} is no skip link but "${first.words}"`)
  await page.keyboard.press('Enter')
  assert.equal(await page.evaluate(href => document.querySelector(href)?.matches('main, main *, [role=main]'), first.href), true,
    `the skip link on ${path} does not lead to the main content`)
}

async function picture(page, name) {
  const folder = process.env.SCREENSHOTS
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}
