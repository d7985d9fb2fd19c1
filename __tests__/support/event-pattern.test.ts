import { describe, expect, it } from "@jest/globals";
import { matchesPattern } from "./event-pattern";

/** The event of the examples in https://github.com/aws/event-ruler. */
const EVENT = {
  source: "aws.ec2",
  resources: ["arn:aws:ec2:us-east-1:123456789012:instance/i-1", "arn:aws:ec2:us-east-1:123456789012:volume/vol-1"],
  detail: {
    state: "running",
    count: 5,
    limit: 301.8,
    urgent: true,
    owner: null,
    tags: [],
    employees: [
      { first: "John", last: "Doe" },
      { first: "Anna", last: "Smith" },
      { first: "Peter", last: "Jones" },
    ],
    teams: [[{ name: "red" }], [{ name: "blue" }]],
  },
};

type Sides = readonly [what: string, matching: object, other: object];

const RULES: readonly Sides[] = [
  ["one of the values", { source: ["aws.s3", "aws.ec2"] }, { source: ["aws.s3"] }],
  ["all of the fields", { source: ["aws.ec2"], detail: { state: ["running"] } }, { source: ["aws.ec2"], detail: { state: ["stopped"] } }],
  ["a number", { detail: { count: [5] } }, { detail: { count: ["5"] } }],
  ["a truth", { detail: { urgent: [true] } }, { detail: { urgent: ["true"] } }],
  ["null, which exists", { detail: { owner: [null] } }, { detail: { none: [null] } }],
  ["a value in a list", { resources: ["arn:aws:ec2:us-east-1:123456789012:volume/vol-1"] }, { resources: ["volume/vol-1"] }],
  ["a beginning", { source: [{ prefix: "aws." }] }, { source: [{ prefix: "ec2" }] }],
  ["a beginning of texts only", { detail: { state: [{ prefix: "" }] } }, { detail: { count: [{ prefix: "" }] } }],
  ["an end", { source: [{ suffix: ".ec2" }] }, { source: [{ suffix: "aws" }] }],
  ["an end in a list", { resources: [{ suffix: "/i-1" }] }, { resources: [{ suffix: "/i-2" }] }],
  ["either case", { source: [{ "equals-ignore-case": "AWS.EC2" }] }, { source: [{ "equals-ignore-case": "AWS.EC" }] }],
  ["anything but a value", { detail: { state: [{ "anything-but": "stopped" }] } }, { detail: { state: [{ "anything-but": "running" }] } }],
  [
    "anything but some values",
    { detail: { state: [{ "anything-but": ["stopped", "stopping"] }] } },
    { detail: { state: [{ "anything-but": ["stopped", "running"] }] } },
  ],
  ["anything but numbers", { detail: { count: [{ "anything-but": [4, 6] }] } }, { detail: { count: [{ "anything-but": [5] }] } }],
  [
    "anything but a beginning",
    { source: [{ "anything-but": { prefix: "partner." } }] },
    { source: [{ "anything-but": { prefix: "aws." } }] },
  ],
  ["anything, but not nothing", { detail: { state: [{ "anything-but": "x" }] } }, { detail: { none: [{ "anything-but": "x" }] } }],
  [
    "one of a list that is something else",
    { resources: [{ "anything-but": { prefix: "arn:aws:ec2:us-east-1:123456789012:volume" } }] },
    { resources: [{ "anything-but": { prefix: "arn:" } }] },
  ],
  ["a field that exists", { detail: { state: [{ exists: true }] } }, { detail: { none: [{ exists: true }] } }],
  ["a field that is not there", { detail: { none: [{ exists: false }] } }, { detail: { state: [{ exists: false }] } }],
  ["a value, for an object is none", { employees: [{ exists: false }] }, { detail: { employees: [{ exists: true }] } }],
  ["an empty list, which is nothing", { detail: { tags: [{ exists: false }] } }, { detail: { tags: [{ exists: true }] } }],
  ["nothing below what is not there", { none: { deep: [{ exists: false }] } }, { none: { deep: [{ exists: true }] } }],
  ["a range", { detail: { count: [{ numeric: [">", 0, "<=", 5] }] } }, { detail: { count: [{ numeric: [">", 0, "<", 5] }] } }],
  ["a number that is at least", { detail: { limit: [{ numeric: [">=", 301.8] }] } }, { detail: { limit: [{ numeric: [">", 301.8] }] } }],
  ["an equal number", { detail: { limit: [{ numeric: ["=", 3.018e2] }] } }, { detail: { limit: [{ numeric: ["=", 301] }] } }],
  ["numbers that are no texts", { detail: { count: [{ numeric: ["<", 10] }] } }, { detail: { state: [{ numeric: ["<", 10] }] } }],
  ["an object in a list", { detail: { employees: { first: ["Anna"] } } }, { detail: { employees: { first: ["Maria"] } } }],
  [
    "one object, not parts of two",
    { detail: { employees: { first: ["Anna"], last: ["Smith"] } } },
    { detail: { employees: { first: ["Anna"], last: ["Jones"] } } },
  ],
  ["an object in a list of lists", { detail: { teams: { name: ["blue"] } } }, { detail: { teams: { name: ["green"] } } }],
  [
    "one of two alternatives",
    { $or: [{ source: ["aws.s3"] }, { detail: { count: [5] } }] },
    { $or: [{ source: ["aws.s3"] }, { detail: { count: [6] } }] },
  ],
  [
    "an alternative and the fields beside it",
    { source: ["aws.ec2"], detail: { $or: [{ count: [6] }, { state: ["running"] }] } },
    { source: ["aws.s3"], detail: { $or: [{ count: [6] }, { state: ["running"] }] } },
  ],
];

describe("an event pattern matches", () => {
  it.each(RULES)("%s", (_, matching, other) => {
    expect(matchesPattern(matching, EVENT)).toBe(true);
    expect(matchesPattern(other, EVENT)).toBe(false);
  });
});

describe("an event pattern is refused", () => {
  const REFUSED: readonly (readonly [what: string, pattern: object, because: string])[] = [
    ["with an unknown operator", { source: [{ wildcard: "aws.*" }] }, 'unknown operator {"wildcard":"aws.*"}'],
    ["with such an operator inside another", { source: [{ "anything-but": { cidr: "10.0.0.0/8" } }] }, "unknown operator"],
    ["with two operators in one", { source: [{ prefix: "aws", suffix: "ec2" }] }, "unknown operator"],
    [
      "with an unknown operator behind a field that does not match",
      { source: ["no"], detail: { state: [{ like: "x" }] } },
      "unknown operator",
    ],
    ["with something else than a text", { source: [{ prefix: ["aws."] }] }, "unknown operator"],
    ["with a name that every object has", { source: [{ toString: "x" }] }, "unknown operator"],
    ["with an unknown comparison", { detail: { count: [{ numeric: ["!=", 5] }] } }, "unknown comparison"],
    ["with half a comparison", { detail: { count: [{ numeric: [">", 0, "<"] }] } }, "unknown comparison"],
    ["with a value outside a list", { source: "aws.ec2" }, '"source" must be an object or an array'],
    ["with a single alternative", { $or: [{ source: ["aws.ec2"] }] }, '"$or" must be an array of at least two objects'],
  ];

  it.each(REFUSED)("%s", (_, pattern, because) => {
    expect(() => matchesPattern(pattern, EVENT)).toThrow(because);
  });
});
