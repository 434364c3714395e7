// A person at a browser, who finds things as people do: by labels, the words of buttons and links, and what a page says.
import assert from 'node:assert/strict'
import { base, windowFor } from './visit.mjs'

export class Person {
  static async signedIn(browser, name, cookie, javaScriptEnabled) {
    const context = await windowFor(browser, cookie, { javaScriptEnabled })
    context.setDefaultTimeout(20_000)
    return new Person(name, context, await context.newPage())
  }

  constructor(name, context, page) {
    Object.assign(this, { name, context, page })
  }

  async open(path) {
    const response = await this.page.goto(base + path, { waitUntil: 'load' })
    assert.equal(response.status(), 200, `${this.name} opens ${path}`)
  }

  async fill(label, text) {
    await this.page.getByLabel(label, { exact: true }).first().fill(text)
  }

  // In a list, or in the box that scripts make of a long one.
  async choose(label, option) {
    const box = this.page.getByRole('combobox', { name: label, exact: true })
    if (await box.evaluate(element => element.tagName === 'SELECT')) return box.selectOption({ label: option })
    await box.fill(option)
    await this.page.getByRole('option', { name: option }).click()
  }

  async tick(label) {
    await this.page.getByLabel(label, { exact: true }).first().check()
  }

  async press(button) {
    await this.#go(this.page.getByRole('button', { name: button, exact: true }).first())
  }

  async follow(link) {
    await this.#go(this.page.getByRole('link', { name: link, exact: true }).first())
  }

  async sees(words) {
    const said = (await this.page.locator('body').innerText()).replace(/\s+/g, ' ')
    assert.ok(said.includes(words), `${this.name} does not read “${words}” at ${this.page.url()}:\n${said}`)
  }

  async #go(target) {
    // Leaving is the page's own act, so that an answer which is the same address again counts as well.
    await Promise.all([this.page.waitForEvent('load'), target.click()])
  }
}
