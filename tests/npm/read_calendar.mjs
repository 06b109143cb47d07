// Reads a calendar from standard input as ical.js does, and prints its events as JSON.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

ICAL.design.strict = true;
const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
const events = calendar.getAllSubcomponents("vevent").map(component => {
  const event = new ICAL.Event(component);
  return {
    uid: event.uid,
    sequence: event.sequence,
    starts: event.startDate.toJSDate().toISOString(),
    ends: event.endDate.toJSDate().toISOString(),
    summary: event.summary ?? "",
    location: event.location ?? "",
    description: event.description ?? "",
    url: component.getFirstPropertyValue("url") ?? "",
    status: component.getFirstPropertyValue("status"),
    properties: component.getAllProperties().map(property => property.name).sort(),
  };
});
process.stdout.write(JSON.stringify({ name: calendar.getFirstPropertyValue("x-wr-calname"), events }));
