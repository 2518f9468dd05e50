/** What can be typed at a place of a `.http` file. */
import { isSpoken, SPOKEN } from '../../shared/spoken/table.ts'
import type { SpokenForm } from '../../shared/spoken/traits.ts'
import { DIRECTIVES } from '../file/directives.ts'
import { METHOD_KEYWORDS, METHODS } from '../file/methods.ts'
import type { FileRequest, RequestFile, Span } from '../file/request-file.ts'
import { requestAround } from '../file/request-names.ts'
import { protocolOf, SETTINGS, settingOf } from '../file/settings.ts'
import { REQUEST_BUILT_INS } from '../variables/built-ins.ts'
import { type DirectiveForm, EXPECTATION_FORMS, KEEP_ALIVE_FORMS, RULE_FORMS } from './directive-forms.ts'
import { HEADER_HINTS, headerHint } from './header-names.ts'
import { type Place, placeAt } from './place.ts'
import { requestSnippets } from './snippets.ts'

export interface Completion {
  readonly kind: 'method' | 'header' | 'option' | 'value' | 'variable' | 'secret' | 'separator' | 'snippet'
  readonly label: string
  /** Next to the label. */
  readonly detail: string
  /** More about it, in Markdown. */
  readonly about?: string
  /** The text that it replaces. */
  readonly span: Span
  readonly insert: string
  /** `insert` has the editor's syntax of snippets. */
  readonly isSnippet?: true
  /** More can be chosen after it. */
  readonly goesOn?: true
}

export interface KnownVariable {
  readonly name: string
  /** Its value, or where it comes from; without secrets. */
  readonly detail: string
}

export interface CompletionSources {
  /** The variables that can be used here. */
  readonly variables: readonly KnownVariable[]
  /** The names of the secrets that are kept. */
  readonly secrets: readonly string[]
  /** The configurations of `Security.Auth`. */
  readonly auths: readonly KnownVariable[]
}

/** The completions at an offset. The editor chooses those that fit what is typed. */
export function completionsAt(file: RequestFile, offset: number, sources: CompletionSources): Completion[] {
  const place = placeAt(file, offset)
  if (place === undefined) return []
  const request = requestAround(file, offset)
  switch (place.kind) {
    case 'placeholder':
      return placeholderCompletions(file, place, sources)
    case 'method':
      return methodCompletions(place)
    case 'option-name':
      return optionNames(place)
    case 'option-value':
      return optionValues(place, request)
    case 'header-name':
      return headerNames(place)
    case 'header-value':
      return headerValues(place)
    case 'expectation':
      return formsAt(EXPECTATION_FORMS, place.span)
    case 'content':
      return contentCompletions(place, request)
    case 'path':
      return []
  }
}

function placeholderCompletions(
  file: RequestFile,
  { span, isClosed }: Place & { readonly kind: 'placeholder' },
  { variables, secrets, auths }: CompletionSources,
): Completion[] {
  const close = isClosed ? '' : '}}'
  const written = file.text.slice(span.start, span.end)
  const named = /^[ \t]*\$secret[ \t(]/.exec(written)
  const secret = (name: string, start: number, before: string): Completion => ({
    kind: 'secret',
    label: `${before}${name}`,
    detail: 'kept in the secret storage',
    span: { start, end: span.end },
    insert: `${before}${name}${close}`,
  })
  if (named !== null) return secrets.map((name) => secret(name, span.start + named[0].length, ''))
  const variable = (label: string, detail: string, insert: string, goesOn?: true): Completion => ({
    kind: 'variable',
    label,
    detail,
    span,
    insert: `${insert}${close}`,
    ...(goesOn && { goesOn }),
  })
  return [
    ...variables.map(({ name, detail }) => variable(name, detail, name)),
    ...secrets.map((name) => secret(name, span.start, '$secret ')),
    ...auths.map(({ name, detail }) => {
      const written = `$auth.token(${JSON.stringify(name)})`
      return variable(written, detail, written)
    }),
    ...REQUEST_BUILT_INS.flatMap(({ usages }) =>
      usages.map(([usage, gives]) => {
        const label = usage.slice(2, -2)
        // What stands for an argument, such as NAME, is for the user to type.
        const asked = /^(\$\w+) (?:NAME|Question)$/.exec(label)?.[1]
        return asked === undefined ? variable(label, gives, label) : variable(asked, gives, `${asked} `, true)
      }),
    ),
  ]
}

function methodCompletions({ span, isEmptyLine }: Place & { readonly kind: 'method' }): Completion[] {
  const methods = METHOD_KEYWORDS.filter((keyword) => !('runBy' in METHODS[keyword])).map(
    (keyword): Completion => ({
      kind: 'method',
      label: keyword,
      detail: METHODS[keyword].hint,
      span,
      insert: `${keyword} `,
    }),
  )
  const isWordOnly = isEmptyLine || span.end > span.start
  const snippets = requestSnippets().map(
    ({ label, hint, about, body }): Completion => ({
      kind: 'snippet',
      label,
      detail: hint,
      ...(about !== undefined && { about }),
      span,
      insert: body,
      isSnippet: true,
    }),
  )
  return isWordOnly ? [...methods, ...snippets] : methods
}

function optionNames({ span, follows, section }: Place & { readonly kind: 'option-name' }): Completion[] {
  const options = SETTINGS.map(
    ({ name, placeholder, hint, isSwitch }): Completion => ({
      kind: 'option',
      label: name,
      detail: placeholder === '' ? hint : `${placeholder}: ${hint}`,
      span,
      insert: isSwitch ? name : `${name} `,
      ...(!isSwitch && { goesOn: true }),
    }),
  )
  if (follows) return options
  const isBody = section === 'body'
  const directives = DIRECTIVES.filter((each) => each.section !== (isBody ? 'head' : 'body')).map(
    ({ name, hint }): Completion => ({
      kind: 'option',
      label: name,
      detail: hint,
      span,
      insert: `${name} `,
      goesOn: true,
    }),
  )
  return isBody ? directives : [...directives, ...options]
}

/** Values that are not one of a few, but have usual ones. */
const USUAL_VALUES: Readonly<Record<string, readonly string[]>> = {
  reconnect: ['never', 'backoff', '1000'],
  cursor: ['auto', 'none', 'header:NAME:PARAM', 'json:/POINTER:PARAM', 'json:$.PATH+1:PARAM'],
  method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  subprotocol: headerHint('Sec-WebSocket-Protocol')?.values ?? [],
}

function optionValues(
  { option, span }: Place & { readonly kind: 'option-value' },
  request: FileRequest | undefined,
): Completion[] {
  if (option === 'on') return formsAt(RULE_FORMS, span)
  if (option === 'keep-alive') return formsAt(KEEP_ALIVE_FORMS, span)
  const setting = settingOf(option)
  if (setting === undefined) return []
  const value = (text: string, detail = ''): Completion => ({
    kind: 'value',
    label: text,
    detail,
    span,
    insert: text,
  })
  if (setting.sets === 'protocolOption')
    return protocolOptions(request).map(([text, hint]) => value(text, hint))
  const values = setting.choices.length > 0 ? setting.choices : (USUAL_VALUES[setting.sets] ?? [])
  return values.map((each) => value(each))
}

/** `NAME=` for each option of the protocol that the request speaks. */
function protocolOptions(request: FileRequest | undefined): (readonly [text: string, hint: string])[] {
  const protocol = request && protocolOf(request)
  if (protocol === undefined || !isSpoken(protocol)) return []
  return SPOKEN[protocol].options.map(({ name, hint }) => [`${name}=`, hint])
}

function formsAt(forms: readonly DirectiveForm[], span: Span): Completion[] {
  return forms.map(({ label, hint, body }) => ({
    kind: 'snippet',
    label,
    detail: hint,
    span,
    insert: body,
    isSnippet: true,
  }))
}

function headerNames({ span, hasColon }: Place & { readonly kind: 'header-name' }): Completion[] {
  return HEADER_HINTS.map(({ name, hint }) => ({
    kind: 'header',
    label: name,
    detail: hint,
    span,
    insert: hasColon ? name : `${name}: `,
    ...(!hasColon && { goesOn: true }),
  }))
}

function headerValues({ header, span }: Place & { readonly kind: 'header-value' }): Completion[] {
  return (headerHint(header)?.values ?? []).map((value) => ({
    kind: 'value',
    label: value,
    detail: '',
    span,
    insert: value,
  }))
}

function contentCompletions(
  { span, isFirst }: Place & { readonly kind: 'content' },
  request: FileRequest | undefined,
): Completion[] {
  const separator = (label: string, detail: string): Completion => ({
    kind: 'separator',
    label,
    detail,
    span,
    insert: `${label}\n`,
  })
  const file = (label: string, detail: string): Completion => ({
    kind: 'separator',
    label,
    detail,
    span,
    insert: label,
    goesOn: true,
  })
  const separators =
    request?.transport === 'websocket' && !isFirst
      ? [
          separator('===', 'the next message'),
          separator('=== wait-for-server', 'waits for a message of the server, then the next message'),
        ]
      : []
  return [
    ...separators,
    file('< ', 'the bytes of a file'),
    file('<@ ', 'the text of a file, with its variables filled'),
    file('# @expect ', 'what is expected of the connection'),
    ...formCompletions(span, request),
  ]
}

/** A message of each form of the protocol that the request speaks. */
function formCompletions(span: Span, request: FileRequest | undefined): Completion[] {
  const protocol = request && protocolOf(request)
  if (protocol === undefined || !isSpoken(protocol)) return []
  return SPOKEN[protocol].forms.map((form: SpokenForm) => ({
    kind: 'snippet',
    label: form.name,
    detail: `a message of ${protocol}`,
    span,
    insert: formSnippet(form),
    isSnippet: true,
  }))
}

/** The required fields of a form; the first one if none is. */
function formSnippet({ fields }: SpokenForm): string {
  const required = fields.filter(({ isRequired }) => isRequired)
  const shown = required.length > 0 ? required : fields.slice(0, 1)
  const members = shown.map(({ name, type }, at) => {
    const stop = `\${${at + 1}:${type === 'json' ? 'null' : type === 'number' ? '1' : ''}}`
    return `${JSON.stringify(name)}: ${type === 'text' || Array.isArray(type) ? `"${stop}"` : stop}`
  })
  return `{ ${members.join(', ')} }$0`
}
