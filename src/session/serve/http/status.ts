/** A recorded status as one that can be answered with. */
export function statusOf(status: number | undefined): number {
  return status !== undefined && status >= 200 && status <= 599 ? status : 200
}
