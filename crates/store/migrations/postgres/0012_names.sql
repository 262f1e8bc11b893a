-- Finding somebody by what they are called at a source, in whatever case it was typed.
create index accounts_username on accounts (lower(username));
