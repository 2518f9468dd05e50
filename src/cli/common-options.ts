/** Options that several commands have, and those of a request. */

import { Option } from 'commander'
import { OPTION_NAMES, REQUEST_OPTIONS, readOption } from '../request/options.ts'
import { parseExpectation } from '../shared/expectation.ts'
import { parseKeepAlive } from '../shared/keep-alive.ts'
import type { KeepAliveMessage } from '../shared/protocol/rules.ts'
import { ACTION_HELP, parseRule } from '../shared/rule.ts'
import { MAX_KEPT_FILES, readRotation } from './connect/rotation.ts'
import {
  headerOrFile,
  integer,
  protocolOptionOrFile,
  repeated,
  seconds,
  speed,
  text,
} from './option-values.ts'
import { otlpUrl } from './otlp/endpoint.ts'

/** Makes the command-line option for the option of a request that has its long flag's name. */
export function requestOption(flags: string, description: string): Option {
  const option = new Option(flags, description)
  const name = OPTION_NAMES.find((each) => each === option.attributeName())
  if (name === undefined) throw new RangeError(`A request has no option ${flags}.`)
  const { choices, isList, value } = REQUEST_OPTIONS[name]
  if (choices !== undefined) return option.choices(choices)
  if (value === undefined) return option
  const read = (typed: string) => readOption(name, typed)
  return isList ? option.argParser(repeated(read)) : option.argParser<unknown>(read)
}

/** A factor of the recorded speed. */
export function speedOption(): Option {
  const what = 'factor of the recorded speed; max does not wait (default: 1)'
  return new Option('--speed <N|max>', what).argParser(speed)
}

/** A count of inbound messages after which the command ends. */
export function maxMessagesOption(description: string): Option {
  return new Option('--max-messages <N>', description).argParser(integer(1, Number.MAX_SAFE_INTEGER))
}

/** The port of what listens. */
export function portOption(): Option {
  return new Option('--port <N>', 'listen on this port; 0 chooses a free one (default: 0)').argParser(
    integer(0, 65_535),
  )
}

/** `access` says what the network gets with another address than that of this machine. */
export function hostOption(access: string): Option {
  return new Option(
    '--host <ADDRESS>',
    `listen on this address of the machine; any but 127.0.0.1 gives the network access to ${access}`,
  ).default('127.0.0.1')
}

/** A time after which the command ends. */
export function durationOption(description: string): Option {
  return new Option('--duration <SECONDS>', description).argParser(seconds)
}

export function expectOption(): Option {
  return new Option(
    '--expect <EXPECTATION>',
    'fail unless this comes: FILTER [within SECONDS] [at least N|at most N], no FILTER, status == 101, close == 1000, or gap p95 < 1s; repeatable',
  ).argParser(repeated((text) => parseExpectation(text).text))
}

/** `--on` and `--keep-alive`: what a connection does by itself. `scope` names the connections. */
export function automaticOptions(scope: string): Option[] {
  const actions = ACTION_HELP.map(([, form, hint]) => `${form} ${hint}`).join('; ')
  return [
    new Option(
      '--on <FILTER => TEXT|@ACTION>',
      `${scope}: answer each inbound message that the filter finds with this text, in which {{$1}} is a group of the regular expression in the filter and {{$.path}} a value of the message. Or do this: ${actions}. Write @@ for a text that begins with @. Repeatable`,
    ).argParser(repeated(parseRule)),
    new Option(
      '--keep-alive <SECONDS => TEXT>',
      `${scope}: send this text again and again while the connection is open, over all reconnects`,
    ).argParser((written): KeepAliveMessage => {
      const { interval, text } = parseKeepAlive(written)
      return { interval, message: { format: 'text', text, variables: {} } }
    }),
  ]
}

/** The number of a recorded connection. */
export function connectionOption(description: string): Option {
  return new Option('--connection <N>', description).argParser(integer(1, 0xffff))
}

/** `-H`, which also takes a file. */
export function headerOption(description: string): Option {
  return requestOption('-H, --header <LINE|@FILE>', description).argParser(repeated(headerOrFile))
}

/** `--protocol-option`, which also takes a file. */
export function protocolOption(description: string): Option {
  return requestOption('--protocol-option <NAME=VALUE|@FILE>', description).argParser(
    repeated(protocolOptionOrFile),
  )
}

/** `--cookie-jar`; `otherwise` says what happens without it. */
export function cookieOption(otherwise: string): Option {
  return new Option(
    '--cookie-jar <FILE>',
    `send the cookies in this file, in the format of Netscape and curl, and write those of the responses to it at the end; it is created if it does not exist (default: ${otherwise})`,
  )
}

/** `--as-browser`. */
export function browserOption(): Option {
  return requestOption(
    '--as-browser',
    'send the header fields that Chromium sends for such a request, such as Accept-Encoding, Origin and Sec-Fetch-Site; fields of -H win',
  )
}

/** `--http`. */
export function httpOption(): Option {
  return requestOption(
    '--http <1.1|2|auto>',
    'the version of HTTP: with 2, connections to one origin share a TCP connection, and a server without TLS must speak it; with auto, the server chooses over TLS (default: 1.1)',
  )
}

/** `--latency`. */
export function latencyOption(): Option {
  return requestOption(
    '--latency <JSONPATH>',
    'where messages carry the time at which they were sent, such as $.sentAt: the report and the timeline measure delays by it (default: it is found)',
  )
}

/** Options for TLS and the proxy. */
export function networkOptions(): Option[] {
  return [
    requestOption('--insecure', 'accept any certificate from the host in the URL'),
    requestOption('--ca <FILE>', 'also trust the certificates in this file (PEM); repeatable'),
    requestOption('--cert <FILE>', 'client certificate (PEM) for the host in the URL; needs --key'),
    requestOption(
      '--key <FILE>',
      'private key of the client certificate (PEM); its passphrase is that in the environment variable REALTIME_KEY_PASSPHRASE, or asked for',
    ),
    requestOption('--plain-redirects', 'follow redirects from https: and wss: to http: and ws:'),
    requestOption(
      '--proxy <URL>',
      'connect through this proxy, of HTTP or SOCKS 5 (default: the environment variables HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY)',
    ),
    requestOption(
      '--unix-socket <PATH>',
      'connect to this Unix socket, or named pipe of Windows, instead of the host in the URL, whose name is only sent',
    ),
  ]
}

/** Options for where the session is written, and how. `more` names further formats. */
export function outputOptions(more: readonly string[] = []): Option[] {
  return [
    new Option('--save <FILE>', 'write the session to this file; an existing file is overwritten'),
    new Option(
      '--rotate <SIZE|TIME>',
      'begin a new file whenever one has this size or age, such as 100MB or 1h; the names of the files have the time at which they begin',
    ).argParser(readRotation),
    new Option('--rotate-keep <N>', 'with --rotate: keep the N newest files (default: 10)').argParser(
      integer(1, MAX_KEPT_FILES),
    ),
    new Option(
      '--otlp <URL>',
      'send spans and metrics to this collector of OpenTelemetry, by OTLP over HTTP, such as http://localhost:4318',
    ).argParser(otlpUrl),
    ...maskingOptions('print and save'),
    new Option(
      '--format <name>',
      'what to print: the session as JSON lines, one readable line for each event, or nothing (default: pretty on a terminal, else jsonl)',
    ).choices(['jsonl', 'pretty', 'none', ...more]),
    new Option(
      '--decoded',
      'print JSON lines with what the messages say in the protocol that they speak, such as socket.io or mqtt',
    ),
    requestOption(
      '--decoder <NAME|none>',
      'decode the messages by this protocol instead of the one that is recognized, or not at all',
    ),
    protocolsOption(),
    new Option(
      '--proto <FILE>',
      'decode Protobuf by the types in this .proto file or compiled descriptor set; repeatable',
    ).argParser(repeated(text)),
    new Option(
      '--proto-message <[in:|out:]NAME>',
      'the type of the Protobuf messages in --proto, or of those of one direction; give it once, or once for each direction',
    ).argParser(repeated(text)),
    ...colorOptions('pretty format'),
  ]
}

export function protocolsOption(): Option {
  return new Option(
    '--protocols <FILE>',
    'also decode by the dialects of JSON that this file describes, a list in JSON',
  )
}

/** Options for what is masked; `verbs` says what the command does with the session. */
export function maskingOptions(verbs: string): Option[] {
  return [
    new Option(
      '--reveal <NAME>',
      `${verbs} the header or query parameter with this name as it is, even if it is a secret; repeatable`,
    ).argParser(repeated(text)),
    new Option(
      '--mask <NAME|JSONPATH>',
      `${verbs} *** in place of the payload fields with this name or at this path ($.auth.token); repeatable`,
    ).argParser(repeated(text)),
  ]
}

/** Options for colors; `what` names the output that has them. */
export function colorOptions(what: string): Option[] {
  return [
    new Option('--color', `color the ${what} even if standard output is not a terminal`),
    new Option('--no-color', `do not color the ${what} (as does the environment variable NO_COLOR)`),
  ]
}
