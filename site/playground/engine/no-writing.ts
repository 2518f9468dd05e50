/** Stands in for `src/session/write-recording.ts` in the worker: sessions are not saved there. */
import type { writeRecording as original } from '../../../src/session/write-recording.ts'
import { Failure } from '../../../src/shared/failure.ts'

export const writeRecording: typeof original = () =>
  Promise.reject(
    new Failure(
      'NOT_HERE',
      'Sessions are not saved in the playground; save them in VS Code or in the terminal.',
    ),
  )
