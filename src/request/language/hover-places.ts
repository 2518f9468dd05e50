/** What the pointer is on in a `.http` file. */
import { methodOf, type RequestMethod } from '../file/methods.ts'
import type { Expectation, FileRequest, FileRule, RequestFile, Span } from '../file/request-file.ts'
import { type RequestSetting, settingOf } from '../file/settings.ts'
import { type HeaderHint, headerHint } from './header-names.ts'
import { type PlacedPlaceholder, placeholdersOf, variableAt } from './variable-places.ts'

export type HoverPlace =
  | { readonly kind: 'variable'; readonly span: Span; readonly name: string }
  | {
      readonly kind: 'expectation'
      readonly span: Span
      readonly request: FileRequest
      readonly expectation: Expectation
    }
  | { readonly kind: 'rule'; readonly span: Span; readonly rule: FileRule }
  /** `{{$name …}}`. */
  | { readonly kind: 'built-in'; readonly span: Span; readonly placeholder: PlacedPlaceholder }
  | { readonly kind: 'method'; readonly span: Span; readonly keyword: string; readonly method: RequestMethod }
  | { readonly kind: 'url'; readonly span: Span; readonly request: FileRequest }
  | { readonly kind: 'option'; readonly span: Span; readonly setting: RequestSetting }
  | { readonly kind: 'header'; readonly span: Span; readonly header: HeaderHint }

/** What is at an offset and can be explained. The end of a word belongs to it. */
export function hoverPlaceAt(file: RequestFile, offset: number): HoverPlace | undefined {
  const isAt = ({ start, end }: Span) => start <= offset && offset <= end
  const placeholder = placeholdersOf(file).find((each) => isAt(each))
  if (placeholder !== undefined) {
    const span = { start: placeholder.start, end: placeholder.end }
    return placeholder.name.startsWith('$')
      ? { kind: 'built-in', span, placeholder }
      : { kind: 'variable', span, name: placeholder.name }
  }
  const variable = variableAt(file, offset)
  if (variable !== undefined) return { kind: 'variable', span: variable, name: variable.name }
  const request = file.requests.find((each) => isAt(each))
  return request === undefined ? undefined : partAt(request, isAt)
}

function partAt(request: FileRequest, isAt: (span: Span) => boolean): HoverPlace | undefined {
  const { method: keyword, url, options, headers, expectations, rules } = request
  if (keyword !== undefined && isAt(keyword)) {
    const method = methodOf(keyword.text)
    return method && { kind: 'method', span: keyword, keyword: keyword.text.toUpperCase(), method }
  }
  const expectation = expectations.find((each) => isAt(each))
  if (expectation !== undefined) return { kind: 'expectation', span: expectation, request, expectation }
  const rule = rules.find((each) => isAt(each))
  if (rule !== undefined) return { kind: 'rule', span: { start: rule.start, end: rule.end }, rule }
  if (isAt(url)) return { kind: 'url', span: url, request }
  const option = options.find(({ name }) => isAt(name))?.name
  const setting = option && settingOf(option.text)
  if (option !== undefined && setting !== undefined) return { kind: 'option', span: option, setting }
  const name = headers.find((each) => isAt(each.name))?.name
  const header = name && headerHint(name.text)
  return name !== undefined && header !== undefined ? { kind: 'header', span: name, header } : undefined
}
