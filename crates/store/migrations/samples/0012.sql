update accounts set username = 'Mira' where subject = '42';
