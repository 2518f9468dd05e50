/** What events say of faults that end connections. */
import { Failure } from '../../shared/failure.ts'
import { formatFault } from '../../shared/faults/fault-text.ts'
import type { FaultSpec } from '../../shared/faults.ts'

/** The code of errors that were caused on purpose. */
const CODE = 'FAULT'

export function cutByFault(fault: FaultSpec): Failure {
  return new Failure(CODE, `The proxy cut the connection on purpose (${formatFault(fault)}).`)
}

export function refusedByFault(fault: FaultSpec): Failure {
  return new Failure(CODE, `The proxy refused the connection on purpose (${formatFault(fault)}).`)
}

export function answeredByFault(fault: FaultSpec): Failure {
  return new Failure(
    CODE,
    `The proxy answered with ${fault.value} on purpose (${formatFault(fault)}).`,
    fault.value,
  )
}
