/** Says what a replay to a live server leaves out. */
import type { LiveSteps } from '../../engine/resend/live-steps.ts'

/** A sentence for each. */
export function noticesOf({ leftOut, missingSecrets, missingParameters }: LiveSteps): string[] {
  const notices: string[] = []
  if (leftOut.length > 0) {
    const what =
      leftOut.length === 1 ? `Connection ${leftOut[0]} is` : `Connections ${leftOut.join(', ')} are`
    notices.push(`${what} not opened: nothing was sent there, or the recording does not have the start.`)
  }
  if (missingSecrets.length > 0)
    notices.push(
      `Recorded credentials are not sent (${missingSecrets.join(', ')}); give those that the server needs with -H.`,
    )
  if (missingParameters.length > 0)
    notices.push(
      `Parameters with recorded credentials are left out of the URLs (${missingParameters.join(', ')}).`,
    )
  return notices
}
