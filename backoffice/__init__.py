"""The clerk's desk: where a person puts right what the checks found."""
