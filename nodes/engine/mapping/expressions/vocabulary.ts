/**
 * The names that an expression may use and still be evaluated for many items at once. Whatever they name gives the same
 * value for the same operands, reads no clock and no random source, and changes nothing. A name that is missing here only
 * costs time: n8n evaluates the expression itself.
 */
const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Methods of text, numbers, lists, sets, dates and patterns, of luxon, and n8n's own extensions. */
export const METHODS = words(`
	at charAt charCodeAt codePointAt concat endsWith includes indexOf isWellFormed lastIndexOf localeCompare match matchAll
	normalize padEnd padStart repeat replace replaceAll search slice split startsWith substr substring toLocaleLowerCase
	toLocaleUpperCase toLowerCase toString toUpperCase toWellFormed trim trimEnd trimStart valueOf
	toExponential toFixed toLocaleString toPrecision
	entries every filter find findIndex findLast findLastIndex flat flatMap join keys map reduce reduceRight some toReversed
	toSorted values with
	has exec test
	getDate getDay getFullYear getHours getMilliseconds getMinutes getMonth getSeconds getTime getTimezoneOffset getUTCDate
	getUTCDay getUTCFullYear getUTCHours getUTCMilliseconds getUTCMinutes getUTCMonth getUTCSeconds toDateString toISOString
	toJSON toLocaleDateString toLocaleTimeString toTimeString toUTCString
	as contains diff endOf equals get hasSame minus negate normalize overlaps plus rescale set setLocale setZone shiftTo
	shiftToAll startOf toDuration toFormat toHTTP toHuman toISO toISODate toISOTime toISOWeekDate toJSDate toLocal toMillis
	toObject toRFC2822 toSQL toSQLDate toSQLTime toSeconds toUTC toUnixInteger until
	append average chunk compact difference first intersection isEmpty isNotEmpty last max merge mergeIntoObject min pluck
	removeDuplicates renameKeys smartJoin sum toBoolean toDateTime toFloat toInt toJsonString union unique
	base64Decode base64Encode extractDomain extractEmail extractUrl extractUrlPath hash isDomain isEmail isNumeric isUrl
	length parseJson quote removeMarkdown removeTags replaceSpecialChars toDate toDecimalNumber toNumber toSentenceCase
	toSnakeCase toTitleCase toWholeNumber urlDecode urlEncode
	abs ceil floor format isEven isInteger isOdd round
	hasField keepFieldsContaining removeField removeFieldsContaining
	beginningOf diffTo endOfMonth extract isBetween isDst isWeekend
`);

/**
 * Methods that call what they are given. They take a function written in place, or one of `FUNCTIONS`: any other might be
 * a method that changes the list it is called on.
 */
export const CALLING_METHODS = words(`
	every filter find findIndex findLast findLastIndex flatMap map reduce reduceRight some
`);

export const FUNCTIONS = words(`
	Boolean Number String parseFloat parseInt isFinite isNaN decodeURI decodeURIComponent encodeURI encodeURIComponent
	$average $if $ifEmpty $jmesPath $jmespath $max $min $not
`);

/** Functions that are called as a member of a name that JavaScript or n8n provides. */
export const NAMESPACES: ReadonlyMap<string, ReadonlySet<string>> = new Map([
	['Array', words('from isArray of')],
	['Date', words('UTC parse')],
	[
		'DateTime',
		words('fromFormat fromHTTP fromISO fromJSDate fromMillis fromRFC2822 fromSQL fromSeconds isDateTime'),
	],
	['Duration', words('fromISO fromISOTime fromMillis fromObject')],
	['Interval', words('after before fromDateTimes fromISO')],
	['JSON', words('parse stringify')],
	[
		'Math',
		words(`abs acos asin atan atan2 cbrt ceil cos exp floor hypot log log10 log1p log2 max min pow round sign sin sqrt
			tan trunc`),
	],
	['Number', words('isFinite isInteger isNaN isSafeInteger parseFloat parseInt')],
	['Object', words('entries fromEntries hasOwn is keys values')],
	['String', words('fromCharCode fromCodePoint')],
]);

/** What `new` may make; always with an operand, since `new Date()` reads the clock. */
export const CLASSES = words('Date RegExp Set');

export const LITERALS = words('true false null undefined NaN Infinity');

/** Names that n8n's sandbox refuses as members, or that every object has. */
const REFUSED_NAMES = words(`
	prototype getPrototypeOf setPrototypeOf getOwnPropertyDescriptor getOwnPropertyDescriptors defineProperty
	defineProperties mainModule binding _linkedBinding _load prepareStackTrace caller callee arguments getBuiltinModule
	dlopen execve loadEnvFile captureStackTrace stackTraceLimit isProxy
`);

export const isRefusedName = (name: string): boolean =>
	name in Object.prototype || /^(?:__|isLuxon)/.test(name) || REFUSED_NAMES.has(name);

/** Words that cannot name a parameter of a function, or that n8n treats in its own way. */
export const RESERVED_WORDS = words(`
	arguments async await break case catch class const continue debugger default delete do else enum eval export extends
	finally for function if implements import in instanceof interface let new package private protected public return
	static super switch this throw try typeof var void while with yield global globalThis window self process require
	extend extendOptional
`);

/** Where an expression may hold luxon objects: only values that are not objects are then taken over. */
export const MAY_HOLD_DATES = /Date|Duration|Interval|beginningOf|endOfMonth|plus|minus|diff|extract/;
