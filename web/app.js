// Everything here is optional: each form and list works without it.
import { initAll } from './govuk.js'

const IDLE = 3000 // milliseconds without a key before a form saves itself
const MARKS = [86400, 3600, 900, 300, 60, 0] // seconds before a closing at which a screen reader says what is left
const KEPT_BACK = ['csrf', 'version'] // fields that belong to the page, not to what a person wrote

initAll()
document.querySelectorAll('form[data-autosave]').forEach(autosave)
document.querySelectorAll('time[data-countdown]').forEach(countdown)
const selects = document.querySelectorAll('select[data-autocomplete]')
if (selects.length) enhance(selects)

/**
 * Saves a form while it is being written. The server answers 200 with `{version, saved_at}`, or with a status of 400 or
 * more and `{detail}`, which is shown as it stands.
 */
function autosave (form) {
  const say = status(form)
  const draft = drafts(form)
  let timer = null
  let saving = null
  let stopped = false // someone else changed the same thing: the person must look first

  form.addEventListener('input', () => {
    clearTimeout(timer)
    if (!stopped) timer = setTimeout(save, IDLE)
  })
  form.addEventListener('submit', async event => {
    clearTimeout(timer)
    if (!saving) return draft.drop()
    // The answer to the save under way carries the version that this submission must name.
    event.preventDefault()
    await saving
    form.requestSubmit(event.submitter)
  })
  offer(form, draft, say)

  function save () {
    if (saving) return (timer = setTimeout(save, IDLE))
    saving = send().finally(() => { saving = null })
  }

  async function send () {
    let response
    try {
      response = await fetch(form.action, {
        method: 'POST',
        headers: { Accept: 'application/json' },
        body: new URLSearchParams(new FormData(form))
      })
    } catch {
      draft.keep()
      return say('Not saved: the service cannot be reached. Your browser keeps what you wrote in this tab.', true)
    }
    const answer = await response.json().catch(() => ({}))
    if (response.ok) return saved(answer)
    if (response.status === 401 || response.status >= 500) draft.keep()
    stopped = [409, 412].includes(response.status)
    say('Not saved: ' + (answer.detail ?? 'select save to see what is wrong.'), true)
  }

  function saved (answer) {
    draft.drop()
    if (answer.version !== undefined && form.elements.version) form.elements.version.value = answer.version
    say('Saved at ' + (answer.saved_at ?? timeInLondon()) + (answer.late ? '. ' + answer.late : ''), Boolean(answer.late))
  }
}

/** A line at the end of the form that screen readers announce. */
function status (form) {
  const line = document.createElement('p')
  line.className = 'govuk-body app-saved'
  line.setAttribute('role', 'status')
  form.append(line)
  return (text, fault = false) => {
    line.textContent = text
    line.classList.toggle('app-saved--fault', fault)
  }
}

/** What was written but not saved, kept in this tab and for this person only. */
function drafts (form) {
  const key = 'draft:' + form.getAttribute('action')
  const who = document.querySelector('[data-signed-in-as]')?.dataset.signedInAs
  return {
    keep () {
      const fields = [...new FormData(form)].filter(([name, value]) => typeof value === 'string' && !KEPT_BACK.includes(name))
      try { sessionStorage.setItem(key, JSON.stringify({ who, fields })) } catch { /* a full or forbidden store keeps nothing */ }
    },
    read () {
      try {
        const kept = JSON.parse(sessionStorage.getItem(key))
        return kept?.who === who ? kept.fields : null
      } catch { return null }
    },
    drop () { try { sessionStorage.removeItem(key) } catch { /* nothing was kept */ } }
  }
}

/** Offers a kept draft; it never replaces what the page shows unasked. */
function offer (form, draft, say) {
  const fields = draft.read()
  if (!fields) return
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'govuk-button govuk-button--secondary'
  button.textContent = 'Put back what was not saved'
  button.addEventListener('click', () => {
    putBack(form, fields)
    button.remove()
    form.dispatchEvent(new Event('input', { bubbles: true }))
  })
  form.prepend(button)
  say('Your browser has kept text from this page that was not saved.')
}

function putBack (form, fields) {
  const chosen = new Set(fields.map(([name, value]) => name + '\n' + value))
  for (const field of form.elements) {
    if (field.type === 'checkbox' || field.type === 'radio') field.checked = chosen.has(field.name + '\n' + field.value)
  }
  for (const [name, value] of fields) {
    const field = form.elements.namedItem(name)
    if (field && 'type' in field && !['checkbox', 'radio', 'hidden', 'file'].includes(field.type)) field.value = value
  }
}

function timeInLondon () {
  const shape = { hour: 'numeric', minute: '2-digit', hour12: true, timeZone: 'Europe/London' }
  return new Date().toLocaleTimeString('en-GB', shape).replace(/\s/g, '')
}

/** Turns long lists, such as that of all councils, into a box to type in. */
async function enhance (lists) {
  const style = document.createElement('link')
  style.rel = 'stylesheet'
  style.href = new URL('./accessible-autocomplete.min.css', import.meta.url)
  document.head.append(style)
  await import('./accessible-autocomplete.min.js')
  for (const selectElement of lists) {
    window.accessibleAutocomplete.enhanceSelectElement({ selectElement, defaultValue: '', showAllValues: true })
  }
}

/**
 * Says beside a closing time how much time is left by the server's clock, which the page brings: each minute, and each second of
 * the last hour. Screen readers hear it at a few marks only.
 */
function countdown (closing) {
  const closes = Date.parse(closing.getAttribute('datetime'))
  const ahead = Date.parse(closing.dataset.countdown) - Date.now()
  const secondsLeft = () => Math.ceil((closes - Date.now() - ahead) / 1000)
  let before = secondsLeft()
  if (!(before > 0)) return
  const shown = document.createElement('span')
  const heard = document.createElement('span')
  shown.className = 'app-countdown'
  heard.className = 'govuk-visually-hidden'
  heard.setAttribute('aria-live', 'polite')
  closing.after(shown, heard)
  tick()

  function tick () {
    const left = Math.max(0, secondsLeft())
    shown.textContent = ` (${timeLeft(left)})`
    if (MARKS.some(mark => left <= mark && before > mark)) heard.textContent = timeLeft(left)
    before = left
    if (left > 0) setTimeout(tick, left > 3600 ? 1000 * (left % 60 || 60) : 1000)
  }
}

function timeLeft (seconds) {
  if (seconds === 0) return 'the time is up'
  const parts = seconds > 3600
    ? [[Math.floor(seconds / 86400), 'day'], [Math.floor(seconds / 3600) % 24, 'hour'], [Math.floor(seconds / 60) % 60, 'minute']]
    : [[Math.floor(seconds / 60), 'minute'], [seconds % 60, 'second']]
  const said = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`)
  return said.join(' ') + ' left'
}
