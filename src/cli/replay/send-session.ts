/** Sends the messages of a recorded connection to a live peer, into a new session. */
import { ScriptDriver } from '../../engine/resend/script-driver.ts'
import { asRecorded } from '../../session/replay/as-recorded.ts'
import { type Script, scriptOf } from '../../session/replay/script.ts'
import { runConnection } from '../connect/run-connection.ts'
import { openForPlayback } from '../recordings.ts'
import { printNotice } from '../standard-error.ts'
import type { ReplayPlan } from './replay-plan.ts'

/** Resolves with the exit code once everything is written. Rejects with a `Failure` if there is nothing to send. */
export async function run({ file, speed, to }: ReplayPlan): Promise<number> {
  if (to === undefined) throw new RangeError('There is no peer to send to.')
  const source = await openForPlayback(file)
  try {
    const script = scriptOf(source.log, to.connection)
    if (to.connection === undefined && script.others.messages > 0) printNotice(leftOutSentence(script))
    const { pace, patience } = to
    const options = { speed, pace, ...(patience !== undefined && { patience }) }
    const { request } = to.connect
    const plan = { ...to.connect, request: { ...request, spec: asRecorded(request.spec, script) } }
    return await runConnection(plan, (host) => new ScriptDriver(host, script, source.log, options))
  } finally {
    source.close()
  }
}

function leftOutSentence({ connection, others: { messages, connections } }: Script): string {
  const left = messages === 1 ? '1 message' : `${messages} messages`
  const by = connections === 1 ? 'another connection' : `${connections} other connections`
  return `Only the messages of connection ${connection} are sent, not ${left} of ${by}; choose one with --connection.`
}
