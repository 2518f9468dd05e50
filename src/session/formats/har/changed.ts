import { Failure } from '../../../shared/failure.ts'

/** The failure if what is read is not what the index says. */
export function changed(): Failure {
  return new Failure('CHANGED', 'The HAR was changed while it was being read; open it again.')
}
