/** Sends the messages of a recorded connection to a live peer, into a new session. */
import { ScriptDriver } from '../../engine/resend/script-driver.ts'
import { asRecorded } from '../../session/replay/as-recorded.ts'
import { type Script, scriptOf } from '../../session/replay/script.ts'
import { Failure } from '../../shared/failure.ts'
import { runConnection } from '../connect/run-connection.ts'
import { printFailure } from '../standard-error.ts'
import type { ReplayPlan } from './replay-plan.ts'
import { openSource } from './source.ts'

/** Resolves with the exit code once everything is written. Rejects with a `Failure` if there is nothing to send. */
export async function run({ file, speed, to }: ReplayPlan): Promise<number> {
  if (to === undefined) throw new RangeError('There is no peer to send to.')
  const source = await openSource(file)
  try {
    const script = scriptOf(source.log, to.connection)
    if (to.connection === undefined && script.others.messages > 0) printFailure(leftOut(script))
    const { pace, patience } = to
    const options = { speed, pace, ...(patience !== undefined && { patience }) }
    const { request } = to.connect
    const plan = { ...to.connect, request: { ...request, spec: asRecorded(request.spec, script) } }
    return await runConnection(plan, (host) => new ScriptDriver(host, script, source.log, options))
  } finally {
    source.close()
  }
}

function leftOut({ connection, others: { messages, connections } }: Script): Failure {
  const [sent, by] = [
    messages === 1 ? '1 message' : `${messages} messages`,
    connections === 1 ? 'another connection' : `${connections} other connections`,
  ]
  return new Failure(
    'NOTE',
    `Only what connection ${connection} sent is sent, and not ${sent} of ${by}; name one with --connection.`,
  )
}
