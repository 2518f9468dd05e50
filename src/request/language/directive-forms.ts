/** What can be expected of a connection, and what it can do by itself, to choose from. */
import { ACTION_HELP, type ActionKind } from '../../shared/rule.ts'

export interface DirectiveForm {
  readonly label: string
  /** Next to the label. */
  readonly hint: string
  /** In the editor's syntax of snippets. */
  readonly body: string
}

const ACTION_BODIES: Readonly<Record<ActionKind, string>> = {
  answer: '',
  set: `@set \${2:token} = \${3:\\$.token}`,
  mark: `@mark \${2:TEXT}`,
  disconnect: `@disconnect \${2:1000} \${3:REASON}`,
}

export const EXPECTATION_FORMS: readonly DirectiveForm[] = [
  {
    label: 'FILTER within 2s',
    hint: 'an event that the filter finds comes within this time after the connection opens',
    body: `\${1:event:ready} within \${2:2s}`,
  },
  {
    label: 'FILTER',
    hint: 'such an event comes before the connection ends',
    body: `\${1:event:ready}`,
  },
  {
    label: 'FILTER within 30s at least 5',
    hint: 'at least this many events come',
    body: `\${1:event:price} within \${2:30s} at least \${3:5}`,
  },
  {
    label: 'FILTER at most 1',
    hint: 'at most this many events come',
    body: `\${1:event:retry} at most \${2:1}`,
  },
  {
    label: 'no FILTER within 60s',
    hint: 'no such event comes within this time',
    body: `no \${1:type:error} within \${2:60s}`,
  },
  { label: 'status == 101', hint: 'the status of the first response', body: `status == \${1:101}` },
  { label: 'close == 1000', hint: 'the close code of the WebSocket', body: `close == \${1:1000}` },
  {
    label: 'gap p95 < 1s',
    hint: 'the time between messages: p50, p95, p99 or max',
    body: `gap \${1|p95,p50,p99,max|} < \${2:1s}`,
  },
  {
    label: 'latency p95 < 200ms',
    hint: 'the time from requests to answers: p50, p95, p99 or max',
    body: `latency \${1|p95,p50,p99,max|} < \${2:200ms}`,
  },
]

/** What is written after `# @on`. */
export const RULE_FORMS: readonly DirectiveForm[] = [
  {
    label: 'FILTER => TEXT',
    hint: 'answers each message that the filter finds; {{$.path}} is a value of the message',
    body: `\${1:\\$.type == "ping"} => \${2:{"type":"pong"\\}}`,
  },
  ...ACTION_HELP.map(([kind, form, hint]) => ({
    label: `FILTER => ${form}`,
    hint,
    body: `\${1:FILTER} => ${ACTION_BODIES[kind]}`,
  })),
]

/** What is written after `# @keep-alive`. */
export const KEEP_ALIVE_FORMS: readonly DirectiveForm[] = [
  {
    label: '30 s => TEXT',
    hint: 'sends the text again and again while the connection is open, over all reconnects',
    body: `\${1:30 s} => \${2:{"type":"ping"\\}}`,
  },
]
