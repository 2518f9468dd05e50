/** A bare relay of TCP connections. */
import { contendRelayed } from '../harness/relayed.ts'

await contendRelayed('tcp')
