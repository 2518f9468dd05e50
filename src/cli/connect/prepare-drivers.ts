/** Makes what uses a connection beside the sender of its messages. Loaded only if it is needed. */
import type { ConnectPlan } from './connect-plan.ts'
import type { Driver } from './driver.ts'

/** Rejects with a `UsageError` if a rule or an expectation is not valid. */
export async function prepareDrivers(
  plan: Pick<ConnectPlan, 'rules' | 'expectations' | 'dialects'>,
): Promise<readonly Driver[]> {
  const drivers: Driver[] = []
  if (plan.rules.length > 0) {
    const { RuleDriver } = await import('./rule-driver.ts')
    drivers.push(await RuleDriver.prepare(plan))
  }
  if (plan.expectations.length > 0) {
    const { ExpectDriver } = await import('./expect-driver.ts')
    drivers.push(await ExpectDriver.prepare(plan))
  }
  return drivers
}
