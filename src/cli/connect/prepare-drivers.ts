/** Makes what uses a connection beside the sender of its messages. Loaded only if it is needed. */
import type { ConnectPlan } from './connect-plan.ts'
import type { Driver } from './driver.ts'
import type { RuleVariables } from './rule-driver.ts'

/** Rejects with a `UsageError` if a rule or an expectation is not valid. */
export async function prepareDrivers(
  plan: Pick<ConnectPlan, 'rules' | 'keepAlive' | 'expectations' | 'dialects'> &
    Partial<Pick<ConnectPlan, 'socketFigures'>>,
  variables: RuleVariables,
): Promise<readonly Driver[]> {
  const drivers: Driver[] = []
  if (plan.rules.length > 0) {
    const { RuleDriver } = await import('./rule-driver.ts')
    drivers.push(await RuleDriver.prepare(plan, variables))
  }
  if (plan.keepAlive !== undefined) {
    const { KeepAliveDriver } = await import('./keep-alive-driver.ts')
    drivers.push(new KeepAliveDriver(plan.keepAlive, () => variables.all))
  }
  if (plan.expectations.length > 0) {
    const { ExpectDriver } = await import('./expect-driver.ts')
    drivers.push(await ExpectDriver.prepare(plan))
  }
  if (plan.socketFigures === true) {
    const { SocketFiguresDriver } = await import('./socket-figures-driver.ts')
    drivers.push(new SocketFiguresDriver())
  }
  return drivers
}
