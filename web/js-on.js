// The design system's mark that scripts run; a file of its own, since the pages allow no inline script.
document.body.className += ' js-enabled' + ('noModule' in HTMLScriptElement.prototype ? ' govuk-frontend-supported' : '')
