/** A message as composed, made into the one that is sent. */
import { Failure } from '../failure.ts'
import type { OutboundMessage } from '../spec.ts'
import { jsonErrorIndex } from '../text/json-position.ts'
import { expand, placeholders, standIns, type TemplateScope, type Variables } from './template.ts'

export interface ComposedMessage {
  readonly format: 'text' | 'json' | 'hex' | 'base64'
  readonly text: string
}

/** Where it has variables, the placeholders in its text are filled as it is sent (template.ts). */
export type TemplateMessage = ComposedMessage & { readonly variables?: Variables }

const encoder = new TextEncoder()

function text(content: string): OutboundMessage {
  // Lone surrogates have no UTF-8 form; the encoder would send U+FFFD in their place.
  const lone = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.exec(content)
  if (lone)
    throw new Failure('BAD_TEXT', `The text has half a character ${where(content, lone.index)}; remove it.`)
  return { opcode: 'text', payload: encoder.encode(content) }
}

/** "at line 2, column 5", or with the character where the text is one line. */
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

/** Throws where `content` is no JSON, called `what` in the sentence. */
function checkJson(content: string, what: string): void {
  try {
    JSON.parse(content)
  } catch {
    const index = jsonErrorIndex(content)
    throw new Failure(
      'BAD_JSON',
      content.trim() === ''
        ? 'The message is empty, which is not JSON; write a value or send it as text.'
        : `${what} is not valid JSON: ${found(content, index)} ${where(content, index)}; mend it or send it as text.`,
    )
  }
}

function json(content: string): OutboundMessage {
  checkJson(content, 'The message')
  return text(content)
}

const HEX_SEPARATOR = /[\s,:_-]/
const HEX_DIGIT = /[\da-f]/i

/** Bytes as two hex digits each; spaces, commas, colons, dashes and `0x` may stand between bytes. */
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
      'The base64 is cut short: its last group has one character; copy it whole.',
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
 * The message to send for what the user composed; JSON goes out as typed. With a scope, its placeholders
 * are filled first (template.ts); without one, `{{` is text like any other. Throws a `Failure` (`BAD_JSON`,
 * `BAD_HEX`, `BAD_BASE64`, `BAD_TEXT`, or one of the template's) whose sentence points at the mistake.
 */
export function composeMessage(message: ComposedMessage, scope?: TemplateScope): OutboundMessage {
  const isJson = message.format === 'json'
  const content = scope === undefined ? message.text : expand(message.text, scope, isJson)
  if (content !== message.text && isJson) checkJson(content, 'The message with its variables put in')
  return COMPOSE[message.format](content)
}

/** Stands for what is only known at the time of sending. */
function sampleScope(variables: Variables): TemplateScope {
  return {
    variables,
    counter: 1,
    now: new Date(0),
    random: () => 0,
    uuid: () => '00000000-0000-4000-8000-000000000000',
  }
}

/** Throws the same `Failure` as sending would; positions are those in the text as typed, where they can be. */
export function checkMessage(message: ComposedMessage, variables: Variables): void {
  if (message.format === 'json' && placeholders(message.text).length > 0)
    checkJson(standIns(message.text), 'The message')
  composeMessage(message, sampleScope(variables))
}
