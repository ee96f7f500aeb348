/** What a clock on a wall shows. `month` and `day` from 1, `ms` of the day. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly ms: number;
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;

export function toLocal(instant: number, zone: string): LocalTime {
  return asLocal(instant + offsetAt(instant, zone));
}

/**
 * The instant of a wall clock's time in a zone. In an hour that occurs twice it is the first one; a time in an hour
 * that is left out comes out later by that hour (as Joda does).
 */
export function toInstant(local: LocalTime, zone: string): number {
  const wall = Date.UTC(local.year, local.month - 1, local.day) + local.ms;
  const before = offsetAt(wall - dayMs, zone);
  const after = offsetAt(wall + dayMs, zone);
  for (const offset of [before, after]) {
    if (offsetAt(wall - offset, zone) === offset) return wall - offset;
  }
  return wall - before;
}

function asLocal(wall: number): LocalTime {
  const date = new Date(wall);
  const day = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    ms: wall - day,
  };
}

/** How far a zone's clocks are ahead of UTC at an instant, in ms. */
export function offsetAt(instant: number, zone: string): number {
  const fixed = fixedOffset(zone);
  if (fixed !== undefined) return fixed;
  const parts = formatOf(zone).formatToParts(instant);
  const field = (type: string): number => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const wall = Date.UTC(
    field('year'),
    field('month') - 1,
    field('day'),
    field('hour') % 24,
    field('minute'),
    field('second'),
  );
  return wall - Math.floor(instant / 1000) * 1000;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(zone, format);
  return format;
}

function fixedOffset(zone: string): number | undefined {
  if (zone === 'UTC') return 0;
  const found = /^([+-])(\d{2}):(\d{2})$/.exec(zone);
  if (!found) return undefined;
  const ms = Number(found[2]) * hourMs + Number(found[3]) * 60_000;
  return found[1] === '-' ? -ms : ms;
}

/** Java's short names that mean a place (`TimeZone.getTimeZone`); the others are known to ICU as they are. */
const shortNames: Readonly<Record<string, string>> = {
  PST: 'America/Los_Angeles',
  CST: 'America/Chicago',
  EST: '-05:00',
  MST: '-07:00',
  HST: '-10:00',
  IST: 'Asia/Kolkata',
  JST: 'Asia/Tokyo',
  CTT: 'Asia/Shanghai',
  ECT: 'Europe/Paris',
  AET: 'Australia/Sydney',
  NST: 'Pacific/Auckland',
};

/**
 * A zone's name as Java understands it, in a form that works here: `Europe/London`, `PST`, `GMT+3`. What nobody
 * knows is GMT, without complaint: Java does that.
 */
export function javaZone(name: string): string {
  const short = shortNames[name];
  if (short) return short;
  const custom = /^GMT([+-])(\d{1,2})(?::?(\d{2}))?$/.exec(name);
  if (custom) return `${custom[1]}${custom[2]?.padStart(2, '0')}:${custom[3] ?? '00'}`;
  try {
    formatOf(name);
    return name;
  } catch {
    return 'UTC';
  }
}
