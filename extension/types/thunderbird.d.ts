// What Thunderbird 153 has and the published types, which are of 127, lack.

declare namespace browser {
  export namespace alarms {
    export interface Alarm {
      name: string;
      scheduledTime: number;
      periodInMinutes?: number;
    }
    export function create(name: string, info: { delayInMinutes?: number; periodInMinutes?: number }): void;
    export function get(name: string): Promise<Alarm | undefined>;
    export function clear(name: string): Promise<boolean>;
    export const onAlarm: WebExtEvent<(alarm: Alarm) => void>;
  }
  export namespace messages {
    type Updated = (message: MessageHeader, changed: { tags?: string[] }, before?: { tags?: string[] }) => void;
    export const onUpdated: WebExtEvent<Updated>;
    export function move(messageIds: number[], folderId: string, options: { isUserAction?: boolean }): Promise<void>;
  }

  /** The companion's Experiment. */
  export namespace filterAction {
    type Applied = { profile: string; manual: boolean; messages: { id: number; headerMessageId: string }[] };
    export function setProfiles(names: string[]): Promise<void>;
    export const onApplied: WebExtEvent<(applied: Applied) => Promise<void>>;
  }
}
