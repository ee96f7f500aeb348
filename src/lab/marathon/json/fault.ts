/**
 * Says what is wrong with a text that is not JSON, in the words of Jackson, the reader Marathon uses. Only called
 * after `JSON.parse` has failed.
 */
export function faultInJson(text: string): string {
  const place = { text, at: 0 };
  const fault = faultInValue(place);
  if (fault !== undefined) return fault;
  skipSpace(place);
  return place.at < text.length ? unexpected(place, valueExpected) : 'Unexpected end-of-input';
}

interface Place {
  readonly text: string;
  at: number;
}

const valueExpected =
  "expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
const deepest = 100;

function faultInValue(place: Place, depth = 0): string | undefined {
  skipSpace(place);
  const next = place.text[place.at];
  if (next === undefined) return 'Unexpected end-of-input';
  if (depth > deepest) return 'Document nesting depth exceeds the maximum allowed';
  if (next === '"') return faultInString(place, 'VALUE_STRING');
  if (next === '{') return faultInObject(place, depth);
  if (next === '[') return faultInArray(place, depth);
  return faultInToken(place);
}

function faultInObject(place: Place, depth: number): string | undefined {
  place.at += 1;
  if (takes(place, '}')) return undefined;
  for (;;) {
    const fault = faultInMember(place, depth);
    if (fault !== undefined) return fault;
    if (takes(place, '}')) return undefined;
    if (!takes(place, ',')) return unexpected(place, 'was expecting comma to separate Object entries');
  }
}

function faultInMember(place: Place, depth: number): string | undefined {
  skipSpace(place);
  if (place.text[place.at] !== '"') {
    return unexpected(place, 'was expecting double-quote to start field name');
  }
  const fault = faultInString(place, 'field name');
  if (fault !== undefined) return fault;
  if (!takes(place, ':')) return unexpected(place, 'was expecting a colon to separate field name and value');
  return faultInValue(place, depth + 1);
}

function faultInArray(place: Place, depth: number): string | undefined {
  place.at += 1;
  if (takes(place, ']')) return undefined;
  for (;;) {
    const fault = faultInValue(place, depth + 1);
    if (fault !== undefined) return fault;
    if (takes(place, ']')) return undefined;
    if (!takes(place, ',')) return unexpected(place, 'was expecting comma to separate Array entries');
  }
}

function faultInString(place: Place, what: string): string | undefined {
  place.at += 1;
  for (;;) {
    const next = place.text[place.at];
    if (next === undefined) return `Unexpected end-of-input in ${what}`;
    if (next < ' ') return controlCharacter(next);
    if (next === '\\') {
      const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
      escaped.lastIndex = place.at;
      const found = escaped.exec(place.text)?.[0];
      if (!found) return `Unrecognized character escape ${described(place.text[place.at + 1] ?? '')}`;
      place.at += found.length;
    } else {
      place.at += 1;
      if (next === '"') return undefined;
    }
  }
}

function controlCharacter(mark: string): string {
  const what = `Illegal unquoted character ((CTRL-CHAR, code ${mark.charCodeAt(0)}))`;
  return `${what}: has to be escaped using backslash to be included in string value`;
}

function faultInToken(place: Place): string | undefined {
  const token = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[\w$]+/y;
  token.lastIndex = place.at;
  const word = token.exec(place.text)?.[0];
  if (word === undefined) return unexpected(place, valueExpected);
  if (!/^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/.test(word)) {
    return `Unrecognized token '${word}': was expecting ('true', 'false' or 'null')`;
  }
  place.at += word.length;
  return undefined;
}

function takes(place: Place, mark: string): boolean {
  skipSpace(place);
  if (place.text[place.at] !== mark) return false;
  place.at += 1;
  return true;
}

function skipSpace(place: Place): void {
  while (/[ \t\r\n]/.test(place.text[place.at] ?? '')) place.at += 1;
}

function unexpected(place: Place, expected: string): string {
  const next = place.text[place.at];
  if (next === undefined) return 'Unexpected end-of-input';
  return `Unexpected character (${described(next)}): ${expected}`;
}

function described(mark: string): string {
  return `'${mark}' (code ${mark.charCodeAt(0)})`;
}
