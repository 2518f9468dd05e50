/** Checked by the compiler: the types for other extensions are those of the code. */
import type * as published from '../../api/realtime-inspector.d.ts'
import type { Credentials } from '../../src/shared/credentials.ts'
import type { EventType } from '../../src/shared/event-types.ts'
import type { Finding } from '../../src/shared/finding.ts'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import type { ConnectionState, ConnectionStatus, SessionStatus } from '../../src/shared/status.ts'
import type { TransportName } from '../../src/shared/transports.ts'
import type { OpenRecording, RealtimeInspectorApi, SaveResult, SessionEvent } from '../../src/vscode/api.ts'

/** An error if a value of the first type is not one of the second. */
type Fits<_Part extends Whole, Whole> = true
/** An error if the types differ. */
type Same<One extends Other, Other extends Back, Back = One> = true

/** What the extension gives out. */
export type Given = [
  Fits<RealtimeInspectorApi, published.RealtimeInspectorApi>,
  Fits<ConnectionStatus, published.ConnectionStatus>,
  Fits<SessionStatus, published.SessionStatus>,
  Fits<SessionEvent, published.SessionEvent>,
  Fits<SaveResult, published.SaveResult>,
  Fits<Finding, published.Finding>,
  Fits<OpenRecording, published.OpenRecording>,
]

/** What it takes. Parameters of methods may be wider or narrower, so the types above do not check them. */
export type Taken = [Fits<published.ConnectionSpec, ConnectionSpec>, Fits<published.Credentials, Credentials>]

/** Nothing is forgotten. The settings of OAuth 2 are those of request files, which other extensions do not have. */
export type Complete = [
  Same<keyof RealtimeInspectorApi, keyof published.RealtimeInspectorApi>,
  Same<Exclude<keyof ConnectionSpec, 'tokens'>, keyof published.ConnectionSpec>,
  Same<Exclude<Credentials['kind'], 'oauth2'>, published.Credentials['kind']>,
  Same<EventType, published.EventType>,
  Same<ConnectionState, published.ConnectionState>,
  Same<TransportName, published.Transport>,
  Same<keyof SaveResult, keyof published.SaveResult>,
]
