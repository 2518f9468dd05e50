/** `connect`: its options and its help. */
import { Option } from 'commander'
import { type OptionName, REQUEST_OPTIONS } from '../../request/options.ts'
import { optionsWithoutEffect } from '../../request/request.ts'
import type { KnownSecrets } from '../../shared/secrets/known-secrets.ts'
import { isSecretName } from '../../shared/secrets/names.ts'
import {
  DEFAULT_INTERVAL,
  DEFAULT_MAX_ATTEMPTS,
  DEFAULT_MAX_MESSAGE_SIZE,
  DEFAULT_TIMEOUT,
} from '../../shared/spec.ts'
import { authOption } from '../auth/auth-option.ts'
import type { CommandLine } from '../command-line.ts'
import {
  automaticOptions,
  browserOption,
  cookieOption,
  durationOption,
  expectOption,
  headerOption,
  httpOption,
  latencyOption,
  maxMessagesOption,
  networkOptions,
  outputOptions,
  protocolOption,
  requestOption,
} from '../common-options.ts'
import { printNotice } from '../standard-error.ts'
import type { ConnectOptions } from './connect-plan.ts'
import type { RuleVariables } from './rule-driver.ts'
import { sendOptions } from './send-options.ts'

const EXAMPLES = `
Examples:
  Send a message and print the answers:
    $ realtime-inspector connect ws://localhost:8080/ --send '{"hello":1}'
  The first ten events of a stream, as JSON lines:
    $ realtime-inspector connect https://example.com/events --max-messages 10 \\
        --format jsonl
  The answer of a language model, as Server-Sent Events from a POST request:
    $ realtime-inspector connect https://api.example/v1/messages \\
        -H 'Authorization: Bearer …' -d @request.json
  Long polling that resumes with a header of the last response:
    $ realtime-inspector connect http://localhost:8500/v1/kv/a \\
        --transport long-poll --cursor header:X-Consul-Index:index
  Answer the pings of a protocol of your own:
    $ realtime-inspector connect ws://localhost:8080/ \\
        --on '$.type == "ping" => {"type":"pong","id":{{$.id}}}'
  Record for a minute, and print nothing:
    $ realtime-inspector connect ws://localhost:8080/ --duration 60 \\
        --save traffic.rtsession --format none

Secrets (Authorization, cookies, tokens in headers and URLs) are printed and
saved as ***, except those named with --reveal. Payloads are printed and saved
unchanged, except for the fields named with --mask.
Exit codes: 0 done, 1 failed, 2 wrong usage, 130 ended by Ctrl-C. A second
Ctrl-C exits at once.`

function options(): Option[] {
  return [
    requestOption(
      '-t, --transport <name>',
      'how to connect; auto detects it from the scheme and the response',
    ).default('auto'),
    requestOption('-X, --method <METHOD>', 'HTTP method (default: GET, or POST with -d)'),
    headerOption('send this header, "Name: value", or the headers in a file, one on each line; repeatable'),
    requestOption(
      '-d, --data <TEXT|@FILE>',
      'HTTP request body: this text, the bytes of a file, or @- for standard input',
    ),
    requestOption('--subprotocol <NAME>', 'offer this WebSocket subprotocol; repeatable'),
    requestOption(
      '--protocol <NAME>',
      'speak this protocol: do its handshake and its heartbeats, and decode by it',
    ),
    protocolOption(
      'an option of the protocol, such as realm=a or auth={"token":"…"}, or the options in a file, one on each line; repeatable',
    ),
    ...sendOptions('when the connection first opens'),
    ...automaticOptions('on this connection'),
    requestOption(
      '--ping <SECONDS>',
      'WebSocket: send a ping at this interval; its pong shows the round trip. ms, s, m or h may follow the number',
    ),
    new Option(
      '--socket-figures',
      'print at the end what the kernel knew last of the socket: its round trip, retransmissions and queues (Linux, by ss)',
    ),
    expectOption(),
    new Option(
      '-i, --interactive',
      'send each line of standard input as a message while the connection is open, lines that begin with \\hex or \\base64 as binary; the end of the input does not end the connection',
    ),
    requestOption(
      '--reconnect <never|backoff|MS>',
      'what to do if the connection is lost, and, if given, also if it never opens (default: backoff, once it has been open)',
    ),
    requestOption(
      '--max-attempts <N>',
      `give up after this many attempts in a row (default: ${DEFAULT_MAX_ATTEMPTS})`,
    ),
    requestOption(
      '--interval <MS>',
      `poll: time from one request to the next (default: ${DEFAULT_INTERVAL}); long-poll: time after a response that was not held`,
    ),
    requestOption(
      '--cursor <HOW>',
      'poll, long-poll: how to resume: auto (ETag, Last-Modified), header:NAME:PARAM, json:/POINTER:PARAM, json:$.PATH:PARAM, or none (default: auto); http-stream: only json',
    ),
    requestOption(
      '--timeout <MS>',
      `time for an attempt to open, and for more of the body of a poll to arrive (default: ${DEFAULT_TIMEOUT})`,
    ),
    requestOption(
      '--framing <name>',
      'HTTP stream: what separates its records; auto decides by the media type',
    ).default('auto'),
    requestOption(
      '--plain-response',
      'do not fail if the response is complete and not a stream: its body is a message',
    ),
    requestOption(
      '--max-message-size <BYTES>',
      `end the connection if a message is longer (default: ${DEFAULT_MAX_MESSAGE_SIZE})`,
    ),
    requestOption('--no-compression', 'do not offer permessage-deflate'),
    browserOption(),
    httpOption(),
    latencyOption(),
    authOption('with each request to the origin in the URL'),
    cookieOption('no cookies but those of -H'),
    ...networkOptions(),
    maxMessagesOption('disconnect after this many inbound messages'),
    durationOption('disconnect after this time'),
    ...outputOptions(),
  ]
}

/** What to do instead of giving an option that has no effect. */
const INSTEAD: { readonly [Name in OptionName]?: string } = {
  data: 'send messages over a WebSocket with --send',
  compression: 'for HTTP, give -H "Accept-Encoding: identity"',
  cursor: 'add --transport poll or long-poll to a URL of http: or https:',
  interval: 'add --transport poll or long-poll to a URL of http: or https:',
}

function noEffectSentence(name: OptionName): string {
  const { short, long } = connect.options.find((option) => option.attributeName() === name) ?? {}
  const why = [REQUEST_OPTIONS[name].purpose, INSTEAD[name]].filter((part) => part !== undefined)
  return `${short ?? long} has no effect here: ${why.join('; ')}.`
}

/** Keeps the variables that rules set. Their values are secret if their names suggest it. */
async function keptVariables(secrets: KnownSecrets): Promise<RuleVariables> {
  const { ScriptValues } = await import('../../engine/script/script-values.ts')
  return new ScriptValues([], [], {
    kept: (name, value) => isSecretName(name) && secrets.add([value]),
    failed: () => {},
  })
}

/** `connect URL` */
export const connect: CommandLine = {
  name: 'connect',
  description: 'open one connection and print each of its events until it ends',
  operands: [['URL', 'ws:, wss:, http: or https:']],
  options: options(),
  examples: EXAMPLES,
  async run(url: string, given: ConnectOptions) {
    // Loaded late, because help does not need the decoders, nor wrong usage the transports.
    const { planConnection } = await import('./connect-plan.ts')
    const plan = await planConnection(url, given)
    for (const name of optionsWithoutEffect(plan.request.spec)) printNotice(noEffectSentence(name))
    const { runConnection } = await import('./run-connection.ts')
    const { prepareDrivers } = await import('./prepare-drivers.ts')
    return await runConnection(plan, await prepareDrivers(plan, await keptVariables(plan.secrets)))
  },
}
