/** Turns a composed message into the message to send. */
import { Failure } from '../failure.ts'
import type { OutboundMessage } from '../spec.ts'
import { jsonErrorIndex } from '../text/json-position.ts'
import { isJson } from '../text/json-text.ts'
import { expand, placeholders, standIns, type TemplateScope, type Variables } from './template.ts'

export const MESSAGE_FORMATS = ['text', 'json', 'hex', 'base64'] as const

export interface ComposedMessage {
  readonly format: (typeof MESSAGE_FORMATS)[number]
  readonly text: string
}

/** If it has variables, the placeholders in its text are filled when it is sent (template.ts). */
export type TemplateMessage = ComposedMessage & { readonly variables?: Variables }

const encoder = new TextEncoder()

/** An incomplete character, which cannot be encoded in UTF-8; an encoder would write U+FFFD instead. */
export const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

function text(content: string): OutboundMessage {
  const lone = LONE_SURROGATE.exec(content)
  if (lone)
    throw new Failure(
      'BAD_TEXT',
      `The text contains an incomplete character ${where(content, lone.index)}; remove it.`,
    )
  return { opcode: 'text', payload: encoder.encode(content) }
}

/** "at line 2, column 5", or "at character 5" if the text is one line. */
function where(content: string, index: number): string {
  const before = content.slice(0, index)
  const line = before.split('\n').length
  const column = index - before.lastIndexOf('\n')
  return line === 1 && !content.includes('\n')
    ? `at character ${column}`
    : `at line ${line}, column ${column}`
}

function found(content: string, index: number): string {
  const character = content.at(index)
  return character === undefined ? 'it ends' : `there is ${JSON.stringify(character)}`
}

/** Throws a `Failure` if `content` is not JSON. `what` names it in the sentence. */
function checkJson(content: string, what: string): void {
  if (isJson(content)) return
  const index = jsonErrorIndex(content)
  throw new Failure(
    'BAD_JSON',
    content.trim() === ''
      ? 'The message is empty, which is not JSON; write a value or send it as text.'
      : `${what} is not valid JSON: ${found(content, index)} ${where(content, index)}; correct it or send it as text.`,
  )
}

function json(content: string): OutboundMessage {
  checkJson(content, 'The message')
  return text(content)
}

const HEX_SEPARATOR = /[\s,:_-]/
const HEX_DIGIT = /[\da-f]/i

/** Bytes as two hex digits each. Spaces, commas, colons, dashes and `0x` may separate bytes. */
function hex(content: string): OutboundMessage {
  const bytes: number[] = []
  let index = 0
  while (index < content.length) {
    if (HEX_SEPARATOR.test(content.charAt(index))) {
      index++
      continue
    }
    if (/^0x/i.test(content.slice(index, index + 2))) index += 2
    for (const at of [index, index + 1]) if (!HEX_DIGIT.test(content.charAt(at))) throw badHex(content, at)
    bytes.push(Number.parseInt(content.slice(index, index + 2), 16))
    index += 2
  }
  return { opcode: 'binary', payload: Uint8Array.from(bytes) }
}

function badHex(content: string, index: number): Failure {
  const isOdd = index >= content.length || HEX_SEPARATOR.test(content.charAt(index))
  return new Failure(
    'BAD_HEX',
    isOdd
      ? `The hex is one digit short ${where(content, index)}; write two digits for each byte.`
      : `The message is not valid hex: ${found(content, index)} ${where(content, index)}; use 0-9 and a-f, two for each byte.`,
  )
}

/** RFC 4648 sections 4 and 5: both alphabets, padding optional, white space ignored. */
function base64(content: string): OutboundMessage {
  const wrong = /[^\s\w+/=-]|=(?=\s*[^\s=])/.exec(content)
  if (wrong)
    throw new Failure(
      'BAD_BASE64',
      `The message is not valid base64: ${found(content, wrong.index)} ${where(content, wrong.index)}; use A-Z, a-z, 0-9, + and /.`,
    )
  const digits = content.replaceAll(/[\s=]/g, '').replaceAll('-', '+').replaceAll('_', '/')
  if (digits.length % 4 === 1)
    throw new Failure(
      'BAD_BASE64',
      'The base64 is incomplete: its last group has only one character; copy all of it.',
    )
  return { opcode: 'binary', payload: Uint8Array.from(atob(digits), (character) => character.charCodeAt(0)) }
}

const COMPOSE: Readonly<Record<ComposedMessage['format'], (content: string) => OutboundMessage>> = {
  text,
  json,
  hex,
  base64,
}

/**
 * The message to send for a composed message; JSON is sent as typed. With a scope, placeholders are filled first
 * (template.ts); without one, `{{` has no special meaning. Throws a `Failure` (`BAD_JSON`, `BAD_HEX`, `BAD_BASE64`,
 * `BAD_TEXT`, or one of the template) whose sentence points to the mistake.
 */
export function composeMessage(message: ComposedMessage, scope?: TemplateScope): OutboundMessage {
  const isJson = message.format === 'json'
  const content = scope === undefined ? message.text : expand(message.text, scope, isJson)
  if (content !== message.text && isJson) checkJson(content, 'The message with its variables filled in')
  return COMPOSE[message.format](content)
}

/** Stands in for values that are only known when the message is sent. */
function sampleScope(variables: Variables): TemplateScope {
  return {
    variables,
    counter: 1,
    now: new Date(0),
    random: () => 0,
    uuid: () => '00000000-0000-4000-8000-000000000000',
  }
}

/** Throws the `Failure` that sending would throw. Positions refer to the text as typed if possible. */
export function checkMessage(message: ComposedMessage, variables: Variables): void {
  if (message.format === 'json' && placeholders(message.text).length > 0)
    checkJson(standIns(message.text), 'The message')
  composeMessage(message, sampleScope(variables))
}
