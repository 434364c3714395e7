// Valid HTML, by html-validate. What is turned off is what the design system's own components do on purpose.
import { HtmlValidate } from 'html-validate'

const checker = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: {
    // The components name roles for older screen readers, where a native element would do today.
    'prefer-native-element': 'off',
    'no-redundant-role': 'off',
    // The error summary's h2 stands before the page's h1.
    'heading-level': ['error', { allowMultipleH1: false, minInitialRank: 'h2' }],
    // Checkboxes of one question share their name, as do the buttons of one form.
    'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'submit', 'button', 'reset'] }],
    // How the source is laid out is nobody's concern but ours.
    'no-trailing-whitespace': 'off',
    'void-style': 'off',
    'attribute-boolean-style': 'off',
    'attribute-empty-style': 'off',
    'long-title': 'off',
  },
})

// Every fault, as line, rule and message.
export async function faultsOf(html, path) {
  const report = await checker.validateString(html, path)
  return report.results.flatMap(({ messages }) => messages.map(({ line, ruleId, message }) => `line ${line}: ${ruleId}: ${message}`))
}
