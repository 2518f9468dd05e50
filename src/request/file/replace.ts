/** Changes a request of a file. Parts that do not differ stay byte for byte. */
import { Failure } from '../../shared/failure.ts'
import { addTo } from '../../shared/maps.ts'
import { applyEdits, type TextEdit } from './edits.ts'
import { LineEdits } from './line-edits.ts'
import type { Line } from './lines.ts'
import { methodOf } from './methods.ts'
import type { LineKind } from './notes.ts'
import { parseLines } from './parse.ts'
import {
  headerLine,
  optionLine,
  type PrintedHeader,
  type PrintedOption,
  type PrintedRequest,
  printParts,
  type WrittenRequest,
} from './print.ts'
import { replaceBody, replaceSteps } from './replace-content.ts'
import { replaceRules } from './replace-rules.ts'
import type { Field, FileRequest } from './request-file.ts'
import { settingOf } from './settings.ts'
import { isSameStep, writtenContent, writtenSteps } from './written.ts'

/**
 * The edits that make the request at a position of a file the given one. `before` is what the request is now, with its
 * variables filled: parts that are the same in both stay as they are written, with their variables. Without it, they stay
 * if they are written as they would be printed. Comments, and values and expectations of answers, stay; so do rules if `after` has none to compare with.
 *
 * Throws a `Failure`: `NO_REQUEST`; `NOT_WRITABLE` if the text around the request would change what is written; or as
 * `printRequest` does.
 */
export function replaceRequest(
  text: string,
  position: number,
  after: WrittenRequest,
  before?: WrittenRequest,
): readonly TextEdit[] {
  const edits = new LineEdits(parseLines(text))
  const request = edits.parsed.file.requests[position]
  if (request === undefined) throw new Failure('NO_REQUEST', 'The file no longer has the request.')
  const now = written(request, before)
  const wanted = printParts(after)
  replaceName(request, now, wanted, edits)
  replaceLine(request, now, wanted, edits)
  const line = edits.lineAt(request.line.start)
  replaceFields(ofOptions(request), now.options, wanted.options, edits, {
    keyOf: optionKey,
    lineOf: optionLine,
    insert: (lines) => edits.before(line, lines),
  })
  if (after.rules !== undefined) replaceRules(request, after.rules, edits)
  const lastHeader = endOfHeaders(line, edits)
  replaceFields(request.headers, now.headers, wanted.headers, edits, {
    keyOf: (name) => name.toLowerCase(),
    lineOf: headerLine,
    insert: (lines) => edits.after(lastHeader, lines),
  })
  const head = endOfHead(line, edits)
  replaceBody(request, now.body, wanted.body, head, edits)
  replaceSteps(request.steps, now.steps, wanted.steps, head, edits)
  check(text, position, edits, now, wanted)
  return edits.edits
}

/** What the file says, printed. A part of `before` stands for the same part as it is written. */
function written(request: FileRequest, before: WrittenRequest | undefined): PrintedRequest {
  const steps = writtenSteps(request)
  const inFile: PrintedRequest = {
    name: request.name?.text ?? '',
    title: request.title?.text ?? '',
    options: ofOptions(request).map(fieldTexts),
    word: request.method?.text ?? (request.transport === 'websocket' ? 'WEBSOCKET' : 'GET'),
    url: request.url.text,
    headers: request.headers.map(fieldTexts),
    ...(request.body.length > 0 && { body: writtenContent(request.body, request.format) }),
    steps,
  }
  if (before === undefined) return inFile
  const printed = printParts(before)
  return {
    ...printed,
    name: inFile.name,
    title: inFile.title,
    steps: printed.steps.length === steps.length ? printed.steps : steps,
  }
}

function fieldTexts({ name, value }: Field): PrintedOption {
  return { name: name.text, value: value.text }
}

/** The options that the file can have changed: those that are known. */
function ofOptions({ options }: FileRequest): readonly Field[] {
  return options.filter(({ name }) => settingOf(name.text) !== undefined)
}

function optionKey(name: string): string {
  return settingOf(name)?.name ?? name
}

function replaceName(
  request: FileRequest,
  now: PrintedRequest,
  wanted: PrintedRequest,
  edits: LineEdits,
): void {
  const { name, title, separator, line } = request
  const isTitle = title !== undefined && name?.start === title.start
  let shown = now.title
  if (wanted.title !== '' && wanted.title !== shown) shown = wanted.title
  // A request is called by its title if that is the only name that it has, and is to have.
  else if (wanted.name !== '' && wanted.title === '' && (isTitle || name === undefined)) shown = wanted.name
  if (shown !== now.title && title !== undefined) edits.replace(title, shown)
  else if (shown !== now.title && separator !== undefined) edits.replace(separator, `### ${shown}`)
  const called = isTitle || name === undefined ? shown : now.name
  if (wanted.name === '' || wanted.name === called) return
  if (name !== undefined && !isTitle) edits.replace(name, wanted.name)
  else edits.before(edits.lineAt(line.start), [`# @name ${wanted.name}`])
}

function replaceLine(
  request: FileRequest,
  now: PrintedRequest,
  wanted: PrintedRequest,
  edits: LineEdits,
): void {
  const { method, url } = request
  if (!isSameWord(now.word, wanted.word)) {
    if (method !== undefined) edits.replace(method, wanted.word)
    else edits.replace({ start: url.start, end: url.start }, `${wanted.word} `)
  }
  if (now.url !== wanted.url) edits.replace(url, wanted.url)
}

/** Whether two words before a URL mean the same. */
function isSameWord(one: string, other: string): boolean {
  const [first, second] = [methodOf(one), methodOf(other)]
  if (first === undefined || second === undefined) return one === other
  return first.transport === second.transport && first.http === second.http
}

interface Fields {
  /** What fields with the same name have in common. */
  keyOf(name: string): string
  lineOf(field: PrintedHeader): string
  /** Inserts lines where new fields belong. */
  insert(lines: readonly string[]): void
}

function replaceFields(
  inFile: readonly Field[],
  now: readonly PrintedOption[],
  wanted: readonly PrintedOption[],
  edits: LineEdits,
  { keyOf, lineOf, insert }: Fields,
): void {
  const there = byKey(inFile, ({ name }) => keyOf(name.text))
  const known = byKey(now, ({ name }) => keyOf(name))
  const asked = byKey(wanted, ({ name }) => keyOf(name))
  const added: string[] = []
  for (const key of new Set([...asked.keys(), ...known.keys()])) {
    const [written, before, after] = [there.get(key) ?? [], known.get(key) ?? [], asked.get(key) ?? []]
    if (
      before.length === after.length &&
      before.every(({ value }, i) => isSameValue(key, value, after[i]?.value))
    )
      continue
    for (const [i, field] of written.entries()) {
      const { value } = after[i] ?? {}
      if (value === undefined) edits.remove(edits.lineAt(field.start), edits.lineAt(field.end))
      else if (!isSameValue(key, value, before[i]?.value)) changeField(field, lineOf, value, edits)
    }
    const last = written.at(-1)
    const lines = after.slice(written.length).map(lineOf)
    if (last === undefined) for (const line of lines) added.push(line)
    else edits.after(edits.lineAt(last.end), lines)
  }
  insert(added)
}

function byKey<T>(fields: readonly T[], keyOf: (field: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const field of fields) addTo(groups, keyOf(field), field)
  return groups
}

function isSameValue(name: string, one: string, other: string | undefined): boolean {
  return one === other || (one === 'true' && other === '' && settingOf(name)?.isSwitch === true)
}

/** Changes the value only, if there is one before and after. */
function changeField(field: Field, lineOf: Fields['lineOf'], value: string, edits: LineEdits): void {
  if (value !== '' && field.value.text !== '') edits.replace(field.value, value)
  else {
    const line = edits.lineAt(field.start)
    edits.replaceLines(line, edits.lineAt(field.end), [lineOf({ name: field.name.text, value })])
  }
}

const HEADERS: ReadonlySet<LineKind> = new Set(['url', 'header', 'continuation'])

/** The last line of those from the request line to the empty one, except for comments at their end. */
function endOfHeaders(line: Line, edits: LineEdits): Line {
  const { lines, kinds } = edits.parsed
  let last = line
  for (let at = line.index + 1; kinds[at] !== undefined && kinds[at] !== 'blank'; at++) {
    const kind = kinds[at]
    const each = lines[at]
    if (kind !== undefined && HEADERS.has(kind) && each !== undefined) last = each
    if (kind === 'separator' || kind === 'content' || kind === 'message') break
  }
  return last
}

/** The last line before the empty one. */
function endOfHead(line: Line, edits: LineEdits): Line {
  const { lines, kinds } = edits.parsed
  let at = line.index
  const isHead = (kind: LineKind | undefined) =>
    kind !== undefined &&
    !['blank', 'separator', 'content', 'message', 'foreign', 'expectation'].includes(kind)
  while (isHead(kinds[at + 1])) at++
  return lines[at] ?? line
}

/** Reads the file as it would be. Throws a `Failure` if it does not say what it should. */
function check(
  text: string,
  position: number,
  edits: LineEdits,
  now: PrintedRequest,
  wanted: PrintedRequest,
): void {
  const { requests } = edits.parsed.file
  const { file } = parseLines(applyEdits(text, edits.edits))
  const request = file.requests[position]
  const steps = request === undefined ? [] : writtenSteps(request)
  const isSame =
    request !== undefined &&
    file.requests.length === requests.length &&
    file.requests.every((each, i) => i === position || each.name?.text === requests[i]?.name?.text) &&
    steps.length === wanted.steps.length &&
    wanted.steps.every((step, i) => isSameStep(step, steps[i]) || isSameStep(step, now.steps[i])) &&
    (now.url === wanted.url || request.url.text === wanted.url) &&
    request.body.length > 0 === (wanted.body !== undefined)
  if (!isSame)
    throw new Failure('NOT_WRITABLE', 'The request cannot be updated from here; edit it in the file.')
}
