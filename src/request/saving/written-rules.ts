/** What a connection does by itself, as a file of requests says it after `# @on` and `# @keep-alive`. */
import { keepAliveText } from '../../shared/keep-alive.ts'
import { type RuleStatus, ruleText } from '../../shared/rule.ts'
import type { ConnectionStatus } from '../../shared/status.ts'
import { literal } from '../file/print-text.ts'

/** The rules that are on, and those that the file has already. */
export function writtenRules({ rules = [] }: Pick<ConnectionStatus, 'rules'>): string[] {
  return rules.filter(({ isFromFile, ended }) => isFromFile === true || ended === undefined).map(writtenRule)
}

function writtenRule({ filter, text, isFromFile }: RuleStatus): string {
  if (isFromFile === true) return ruleText({ filter, text })
  return ruleText({ filter: literal(filter), text: inFile(text) })
}

/** The keep-alive message. Undefined if there is none, or it is binary. */
export function writtenKeepAlive({ keepAlive }: Pick<ConnectionStatus, 'keepAlive'>): string | undefined {
  if (keepAlive === undefined || keepAlive.isBinary === true) return undefined
  const { interval, text, isFromFile } = keepAlive
  return keepAliveText({ interval, text: isFromFile === true ? text : inFile(text) })
}

/** A template of the panel as one of a file, where `{{$timestamp}}` is the time in seconds. */
function inFile(text: string): string {
  return text.replace(/\{\{[ \t]{0,8}\$timestamp(?:[ \t]{1,8}(s))?[ \t]{0,8}\}\}/g, (_, seconds) =>
    seconds === undefined ? '{{$isoTimestamp}}' : '{{$timestamp}}',
  )
}
