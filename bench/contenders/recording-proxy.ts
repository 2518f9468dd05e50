/** Ours: a recording proxy. */
import { contendRelayed } from '../harness/relayed.ts'

await contendRelayed('proxy')
