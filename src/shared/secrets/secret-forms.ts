/** The forms in which a secret value is found in messages, URLs, forms and XML. */

/** A shorter value, or a shorter part of one, is in too many texts that have nothing to do with it. */
export const SHORTEST_SECRET = 4

/**
 * The value as it is, in JSON, in XML, and as parts of URLs have it, which are encoded by different rules (URL standard,
 * sections 1.3 and 5.2). The longest come first, so that a part of one is not masked instead of it. Each is there once.
 */
export function secretForms(value: string): string[] {
  // A URL cannot have half of a surrogate pair.
  const text = value.replaceAll(/\p{Surrogate}/gu, '\ufffd')
  const query = new URL(`http://x/?${text}`)
  const path = new URL(`http://x/${text}`)
  const encoded = new URL('http://x/')
  encoded.search = `?${text}`
  encoded.username = text
  const forms = [
    value,
    ...inJson(value),
    ...inXml(value),
    ...percentEncoded(text),
    new URLSearchParams([['', text]]).toString().slice(1),
    query.href.slice('http://x/?'.length),
    path.href.slice('http://x/'.length),
    encoded.search.slice(1),
    encoded.username,
  ]
  // A URL may have less of it: nothing of ../, nothing of a line break.
  const shortest = Math.min(value.length, SHORTEST_SECRET)
  const whole = forms.filter((form) => form.length >= shortest)
  return longestFirst(whole)
}

/** Each form once, the longest first, so that a part of one is not masked instead of it. */
export function longestFirst(forms: Iterable<string>): string[] {
  return [...new Set(forms)].sort((one, other) => other.length - one.length)
}

/** As strings of JSON have it (RFC 8259 section 7): with or without escapes that are not necessary, and within a string. */
function inJson(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1)
  const ascii = json.replaceAll(/[^\0-\x7f]/g, unicodeEscape)
  return [json, json.replaceAll('/', '\\/'), JSON.stringify(json).slice(1, -1), ascii, inLowerCase(ascii)]
}

function unicodeEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
}

/** With every character that can be encoded, and with those of `encodeURIComponent`; a space as `+`, too. */
function percentEncoded(text: string): string[] {
  const some = encodeURIComponent(text)
  const all = some.replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return [some, all, some.replaceAll('%20', '+'), all.replaceAll('%20', '+')].flatMap((form) => [
    form,
    inLowerCase(form),
  ])
}

/** With the digits of its escapes in lower case. */
function inLowerCase(form: string): string {
  return form.replaceAll(/%[\dA-F]{2}|\\u[\dA-F]{4}/g, (digits) => digits.toLowerCase())
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** As text of XML has it, in which quotes need not be escaped, and as an attribute. */
function inXml(value: string): string[] {
  return [/[&<>]/g, /[&<>"']/g].map((special) =>
    value.replaceAll(special, (character) => ENTITIES[character] ?? character),
  )
}
