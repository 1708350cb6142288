"""The day to answer the body by as an entry for a calendar (RFC 5545): our words alone, none of the letter's."""

from datetime import date, datetime, timedelta

from icalendar import Alarm, Calendar, Event

_REMINDERS = (timedelta(days=-7), timedelta(days=-1))  # of the day's beginning


def appointment(*, uid: str, title: str, words: str, day: date, written_at: datetime) -> bytes:
    """An entry for the whole day, with reminders a week and a day before; CRLF line ends, UTF-8.

    Args:
        uid: always the same for the same complaint, so that a later one takes its place (RFC 5545 3.8.4.7).
        title: what calendars show.
        words: of its description.
        day: the last one for an answer.
        written_at: aware; of the notice, so that the same notice is the same bytes (I6).
    """
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", written_at)
    event.add("dtstart", day)
    event.add("summary", title)
    event.add("description", words)
    # It takes nobody's time: who is asked whether they are free is free.
    event.add("transp", "TRANSPARENT")
    for before in _REMINDERS:
        reminder = Alarm()
        reminder.add("action", "DISPLAY")
        reminder.add("description", title)
        reminder.add("trigger", before)
        event.add_component(reminder)
    calendar = Calendar()
    calendar.add("prodid", "-//Forthwith//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written
