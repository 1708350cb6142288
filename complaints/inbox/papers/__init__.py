"""The papers that a letter comes as (PDF, Word, RTF, archives, Outlook ...), opened in a process that can be killed."""
