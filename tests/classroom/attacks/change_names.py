"""Make, move, link, empty and delete files, and change their times and rights.

Stopped by: filter of calls; nothing writable
Ends: ran
Gives: []
"""

import os


def attack(facts):
    secret, made = facts["secret file"], os.path.join(facts["folder"], "made")
    tries = [
        lambda: os.mkdir(made),
        lambda: os.symlink(secret, made),
        lambda: os.link(secret, made),
        lambda: os.rename(secret, made),
        lambda: os.unlink(secret),
        lambda: os.truncate(secret, 0),
        lambda: os.chmod(secret, 0o777),
        lambda: os.chown(secret, 0, 0),
        lambda: os.utime(secret, (0, 0)),
        lambda: os.mkfifo(made),
        lambda: os.mknod(made),
        lambda: os.setxattr(secret, "user.x", b"x"),
        lambda: os.chmod(os.__file__, 0o777),
        lambda: os.utime(os.__file__, (0, 0)),
        lambda: os.unlink(os.__file__),
    ]
    done = []
    for number, each in enumerate(tries):
        try:
            each()
            done.append(number)
        except OSError:
            continue
    return done
