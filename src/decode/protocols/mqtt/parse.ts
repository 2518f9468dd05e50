/** Parses whole packets with the library of the MQTT.js project. Loaded when it is needed. */
import type { Packet as LibraryPacket, Parser } from 'mqtt-packet'
import { asBuffer } from '../../values.ts'

/** A packet with the fields of its command, as the library names them. */
export interface MqttPacket {
  readonly cmd: LibraryPacket['cmd']
  readonly topic?: string | null
  readonly messageId?: number
  readonly properties?: Readonly<Record<string, unknown>>
  readonly [field: string]: unknown
}

/** 3.1.1 is the most common version; the library refuses most packets of 5.0 if it expects this one. */
const LIKELY_VERSION = 4
const LATEST_VERSION = 5

type NewParser = (options: object) => Parser

let newParser: NewParser | undefined

export async function loadParser(): Promise<void> {
  newParser ??= (await import('mqtt-packet')).default.parser
}

/** Parses whole packets. Learns the version of the protocol from CONNECT. */
export class PacketParser {
  readonly #newParser: NewParser
  #parser: Parser
  #version: number | undefined
  #packet: MqttPacket | undefined
  #error: Error | undefined

  constructor(version: number | undefined) {
    if (newParser === undefined) throw new Error('The MQTT library is not loaded.')
    this.#newParser = newParser
    this.#version = version
    this.#parser = this.#parserOf(version ?? LIKELY_VERSION)
  }

  /** Undefined if CONNECT has not been seen. */
  get version(): number | undefined {
    return this.#version
  }

  /** The packet may have views of the bytes. */
  parse(bytes: Uint8Array): MqttPacket {
    let packet = this.#tryParse(bytes)
    if (packet === undefined && this.#version === undefined) {
      this.#expect(LATEST_VERSION)
      packet = this.#tryParse(bytes)
    }
    if (packet === undefined) {
      const reason = this.#error === undefined ? '' : `: ${this.#error.message}`
      throw new Error(`The bytes are not a packet of MQTT${reason}.`)
    }
    if (packet.cmd === 'connect') this.#expect(Number(packet.protocolVersion))
    return packet
  }

  #tryParse(bytes: Uint8Array): MqttPacket | undefined {
    this.#packet = undefined
    this.#error = undefined
    this.#parser.parse(asBuffer(bytes))
    return this.#error === undefined ? this.#packet : undefined
  }

  #expect(version: number): void {
    this.#version = version
    this.#parser = this.#parserOf(version)
  }

  #parserOf(protocolVersion: number): Parser {
    return this.#newParser({ protocolVersion })
      .on('packet', (packet) => {
        this.#packet = { ...packet }
      })
      .on('error', (error: Error) => {
        this.#error = error
      })
  }
}
