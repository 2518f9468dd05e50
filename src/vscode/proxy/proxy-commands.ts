/** The commands of recording proxies. Without an argument they ask for the proxy. */
import * as v from 'valibot'
import { l10n } from 'vscode'
import { Failure } from '../../shared/failure.ts'
import { parseFault } from '../../shared/faults/fault-text.ts'
import type { FaultSpec } from '../../shared/faults.ts'
import type { ProxyOptions, ProxyStatus } from '../../shared/protocol/traffic.ts'
import { isMenuContext, readOptions } from '../ui/command-arguments.ts'
import { askFaults } from './ask-faults.ts'
import { askTarget } from './ask-target.ts'
import { debugThrough } from './debug-configuration.ts'
import { isVariableName } from './environment.ts'
import { introduce, type ProxyUseOptions, showUses } from './proxy-menu.ts'
import { copyUrl, openInBrowser, openTerminal } from './use-proxy.ts'

export interface ProxyCommandOptions extends ProxyUseOptions {
  /** Ports on which this window serves sessions. */
  readonly servedPorts: () => readonly number[]
}

const OPTIONS = v.strictObject({
  target: v.optional(v.string()),
  port: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535))),
  insecure: v.optional(v.boolean()),
})

const FAULT_TEXTS = v.array(v.string())

/** A proxy by its number, or by an object that has it, such as a row of the side bar. */
const NUMBERED = v.union([v.number(), v.looseObject({ id: v.number() })])

export function proxyCommands(options: ProxyCommandOptions) {
  const { proxies, showPanel } = options
  const proxyOf = async (argument: unknown): Promise<ProxyStatus> => {
    if (argument === undefined) return await proxies.choose()
    const parsed = v.safeParse(NUMBERED, argument)
    if (!parsed.success) throw new Failure('BAD_ARGUMENT', l10n.t('Name a proxy by its id, a number.'))
    return proxies.find(typeof parsed.output === 'number' ? parsed.output : parsed.output.id)
  }
  return {
    'realtimeInspector.startProxy': async (argument: unknown) => {
      const given = argument === undefined ? undefined : asOptions(argument)
      const proxy = await proxies.start(given ?? (await askTarget(proxies.recent, ownPorts(options))))
      if (given === undefined) {
        await introduce(proxy, options)
        showPanel(true)
      }
      const { id, listening, target } = proxy
      return { id, listening, ...(target !== undefined && { target }) }
    },
    'realtimeInspector.stopProxy': async (argument: unknown) =>
      await proxies.stop((await proxyOf(argument)).id),
    'realtimeInspector.showProxies': async (argument: unknown) =>
      await showUses(await proxyOf(argument), options),
    'realtimeInspector.copyProxyUrl': async (argument: unknown) => await copyUrl(await proxyOf(argument)),
    'realtimeInspector.openProxyInBrowser': async (argument: unknown) =>
      await openInBrowser(withTarget(await proxyOf(argument))),
    'realtimeInspector.openProxyTerminal': async (argument: unknown, variable: unknown) => {
      const name = typeof variable === 'string' && isVariableName(variable) ? variable : undefined
      await openTerminal(await proxyOf(argument), proxies.recent, name)
    },
    'realtimeInspector.setProxyFaults': async (argument: unknown, faults: unknown) => {
      const proxy = await proxyOf(argument)
      await proxies.setFaults(proxy.id, asFaults(faults) ?? (await askFaults(proxy)))
    },
    'realtimeInspector.debugThroughProxy': async (argument: unknown) =>
      await debugThrough(await proxyOf(argument), proxies.recent),
  }
}

/** Faults as the terminal takes them, such as `delay=200` or the name of a preset. */
function asFaults(argument: unknown): readonly FaultSpec[] | undefined {
  // A menu passes the selected rows.
  if (argument === undefined || (isMenuContext(argument) && !v.is(FAULT_TEXTS, argument))) return undefined
  if (v.is(FAULT_TEXTS, argument)) return argument.flatMap(parseFault)
  throw new Failure('BAD_ARGUMENT', l10n.t('Give faults as a list of texts, such as delay=200.'))
}

function asOptions(argument: unknown): ProxyOptions | undefined {
  const given = readOptions(
    argument,
    OPTIONS,
    l10n.t('The options of startProxy are {target?, port?, insecure?}.'),
  )
  if (given === undefined) return undefined
  const { target, port, insecure } = given
  return {
    ...(target !== undefined && { target }),
    ...(port !== undefined && { port }),
    ...(insecure !== undefined && { insecure }),
  }
}

/** The ports on which this window listens itself. */
function ownPorts({ proxies, servedPorts }: ProxyCommandOptions): readonly number[] {
  return [...servedPorts(), ...proxies.all.map(({ listening }) => Number(new URL(listening).port))]
}

function withTarget(proxy: ProxyStatus): ProxyStatus {
  if (proxy.target === undefined)
    throw new Failure(
      'NO_TARGET',
      l10n.t('This proxy has no page of its own. Set its URL as the HTTP proxy of a browser or a program.'),
    )
  return proxy
}
