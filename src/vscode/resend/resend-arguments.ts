/** The arguments of the command that sends a recording to a live peer. */
import * as v from 'valibot'
import * as vscode from 'vscode'
import { parseSpec } from '../../request/parse-spec.ts'
import { Failure } from '../../shared/failure.ts'
import { RESEND_PACES } from '../../shared/protocol/resending.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { asUri, readOptions, SPEED } from '../ui/command-arguments.ts'

const how = v.partial(
  v.strictObject({
    url: v.string(),
    connection: v.union([v.pipe(v.number(), v.integer(), v.minValue(1)), v.literal('all')]),
    pace: v.picklist(RESEND_PACES),
    speed: SPEED,
    headers: v.unknown(),
    subprotocols: v.unknown(),
  }),
)

export interface ResendArguments {
  readonly file: vscode.Uri | undefined
  /** Undefined to ask. */
  readonly spec: ConnectionSpec | undefined
  /** Number of the recorded connection. */
  readonly connection: number | 'all' | undefined
  readonly pace: (typeof RESEND_PACES)[number] | undefined
  /** Times as fast as recorded; null does not wait. */
  readonly speed: number | null | undefined
}

/**
 * Reads `(file?, {url?, connection?, pace?, speed?, headers?, subprotocols?}?)`, or one object that has the `file`
 * too.
 */
export function readArguments(first: unknown, second: unknown): ResendArguments {
  const isOne =
    typeof first === 'object' && first !== null && Object.getPrototypeOf(first) === Object.prototype
  const { file, ...given }: { file?: unknown } = isOne ? first : { file: first }
  const wrong = vscode.l10n.t(
    'The options of resendSession are {url?, connection?, pace?, speed?, headers?, subprotocols?}; see its documentation.',
  )
  const { url, headers, subprotocols, connection, pace, speed } =
    readOptions(isOne ? given : second, how, wrong) ?? {}
  const extra = {
    ...(headers !== undefined && { headers }),
    ...(subprotocols !== undefined && { subprotocols }),
  }
  if (url === undefined && Object.keys(extra).length > 0) throw new Failure('BAD_ARGUMENT', wrong)
  return {
    file: asUri(file ?? undefined),
    spec:
      url === undefined
        ? undefined
        : parseSpec({ url, transport: connection === 'all' ? 'auto' : 'websocket', ...extra }),
    connection,
    pace,
    speed,
  }
}
