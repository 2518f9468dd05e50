/** What events say of connections that the proxy ends on purpose. */
import { Failure } from '../../shared/failure.ts'
import { formatFault } from '../../shared/faults/fault-text.ts'
import { type FaultSpec, ON_PURPOSE } from '../../shared/faults.ts'

const CODE = ON_PURPOSE.fault

/** The user, or a limit that the user set, ended the connection. */
export function cutByUser(): Failure {
  return new Failure(ON_PURPOSE.cut, 'The proxy cut the connection on purpose, as it was told to.')
}

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
