// Three councils, two people each, make one bid: they write, disagree and bring their texts together, sign, change the lead, sign
// again and submit. A Rust test has the service run at BASE_URL with a full application begun, names it in REFERENCE, brings the
// cookies of the six in PEOPLE, and says in SCRIPTS whether their browsers run JavaScript.
import test, { after, before } from 'node:test'
import { launch } from './visit.mjs'
import { Person } from './person.mjs'

const bid = `/bids/${process.env.REFERENCE}`
const scripts = process.env.SCRIPTS === 'on'
const cookies = JSON.parse(process.env.PEOPLE)
const question = `${bid}/questions/plan`
const asked = 'What will you do?'

let browser
const people = {}
before(async () => {
  browser = await launch()
  for (const [name, cookie] of Object.entries(cookies)) people[name] = await Person.signedIn(browser, name, cookie, scripts)
})
after(() => browser?.close())

test('three councils write and sign one bid', async step => {
  const { ambridge, ambridgeSigns, borchester, borchesterSigns, casterbridge, casterbridgeSigns } = people

  await step.test('the lead invites two councils, and each confirms in its own account', async () => {
    for (const [council, share] of [['Borchester City Council', '20,000'], ['Casterbridge District Council', '0']]) {
      await ambridge.open(`${bid}/partners`)
      await ambridge.choose('Council', council)
      await ambridge.fill('Its share of the grant', share)
      await ambridge.press('Invite council')
      await ambridge.sees(`${council} is invited`)
    }
    for (const partner of [borchester, casterbridge]) {
      await partner.open(`${bid}/invitation`)
      await partner.press('Confirm that we take part')
      await partner.sees('has confirmed that it takes part')
    }
  })

  await step.test('two write the same answer, and nothing of either is lost', async () => {
    await Promise.all([ambridge, borchester].map(writer => writer.open(question)))
    await ambridge.fill(asked, 'Ambridge asks tenants what they miss.')
    await ambridge.tick('No, I’ll come back to it')
    await ambridge.press('Save and come back later')
    await borchester.fill(asked, 'Borchester asks its depots what they miss.')
    await borchester.tick('No, I’ll come back to it')
    await borchester.press('Save and come back later')
    await borchester.sees('Ambridge asks tenants what they miss.')
    await borchester.sees('Nothing that you wrote is lost')
    await borchester.fill(asked, 'Ambridge asks tenants what they miss, and Borchester its depots.')
    await borchester.tick('Yes')
    await borchester.press('Save and continue')
    await casterbridge.open(`${question}/history`)
    await casterbridge.sees('Ambridge Borough Council')
    await casterbridge.sees('Borchester City Council')
  })

  await step.test('the third council comments, and the lead settles it', async () => {
    await casterbridge.open(question)
    await casterbridge.fill('Add a comment', 'Who speaks with the tenants of villages?')
    await casterbridge.press('Add comment')
    await ambridge.open(question)
    await ambridge.sees('Who speaks with the tenants of villages?')
    await ambridge.page.getByRole('button', { name: /^Mark as resolved/ }).click()
    await ambridge.page.getByText('No comment is open.').waitFor()
  })

  await step.test('the costs come to the ask, and the promise is written', async () => {
    await ambridge.open(`${bid}/about`)
    await ambridge.fill('How much do you ask for?', '80,000')
    await ambridge.press('Save and come back later')
    await ambridge.open(`${bid}/costs`)
    await cost(ambridge, 0, 'Ambridge Borough Council (lead)', 'User researchers', '60,000')
    await ambridge.press('Add another line')
    await cost(ambridge, 1, 'Borchester City Council (partner)', 'Service designers', '20,000')
    await ambridge.press('Save and come back later')
    await ambridge.open(`${bid}/promises`)
    await ambridge.fill('What is measured?', 'Days from report to repair')
    await ambridge.fill('In which unit?', 'days')
    await ambridge.fill('What is it today?', '21')
    await ambridge.fill('What do you promise?', '10')
    for (const [part, text] of [['Day', '29'], ['Month', '2'], ['Year', '2028']]) await ambridge.fill(part, text)
    await ambridge.press('Save and come back later')
  })

  await step.test('all three section 151 officers sign', async () => {
    await askToSign(ambridge)
    await signedBy(ambridgeSigns, borchesterSigns, casterbridgeSigns)
    await ambridge.open(`${bid}/sign-off`)
    await ambridge.sees('What stands now is signed.')
  })

  await step.test('Borchester becomes the lead with the consent of both, and the signatures are void', async () => {
    await ambridge.open(`${bid}/partnership-changes/new-lead`)
    await ambridge.tick('Borchester City Council')
    await ambridge.tick('It stays as a partner')
    await ambridge.fill('Why?', 'Borchester has the people for it.')
    await ambridge.press('Propose this')
    await borchester.open(new URL(ambridge.page.url()).pathname)
    await borchester.sees('Borchester has the people for it.')
    await borchester.sees('The lead authority is Borchester City Council now. It was Ambridge Borough Council.')
    await borchester.press('Agree to this')
    await borchester.sees('Everybody has agreed.')
    await ambridgeSigns.open(`${bid}/sign-off`)
    await ambridgeSigns.sees('Sign for Ambridge Borough Council')
  })

  await step.test('they sign again, and the new lead submits', async () => {
    await signedBy(ambridgeSigns, borchesterSigns, casterbridgeSigns)
    await borchester.open(`${bid}/check`)
    await borchester.sees('Ambridge asks tenants what they miss, and Borchester its depots.')
    await borchester.page.locator('#submit').click()
    await borchester.page.getByText('submitted').first().waitFor()
    await casterbridge.open(`${bid}/history`)
    await casterbridge.sees('Borchester City Council')
  })

  await step.test('a partner keeps the receipt, and anybody finds it genuine', async () => {
    await casterbridge.open(`${bid}/versions/full/1/receipt`)
    await casterbridge.sees('Receipt of version 1')
    const receipt = await casterbridge.page.locator('.app-signed').innerText()
    await ambridge.open('/receipts/verify')
    await ambridge.page.locator('textarea').fill(receipt)
    await ambridge.press('Check the receipt')
    await ambridge.sees('nothing in it has been changed')
  })
})

async function cost(writer, line, whose, what, pounds) {
  const at = name => writer.page.locator(`#costs-${line}-${name}`)
  await at('payee').selectOption({ label: whose })
  await at('description').fill(what)
  await at('pence').fill(pounds)
}

async function askToSign(lead) {
  await lead.open(`${bid}/sign-off`)
  await lead.press('Ask for the signatures')
}

async function signedBy(...officers) {
  for (const officer of officers) {
    await officer.open(`${bid}/sign-off`)
    await officer.press('Sign this version')
  }
}
