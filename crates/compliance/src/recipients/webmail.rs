//! Mailboxes anyone can open: personal providers of France, its neighbours and the world, and disposable addresses.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Domains under which private persons have mailboxes. `webmail.example` is for samples.
const DOMAINS: &str = "webmail.example gmail.com googlemail.com outlook.com outlook.fr outlook.be hotmail.com hotmail.fr \
    hotmail.be hotmail.co.uk hotmail.de hotmail.it hotmail.es live.com live.fr live.be live.co.uk live.nl msn.com yahoo.com \
    yahoo.fr yahoo.co.uk yahoo.de yahoo.it yahoo.es yahoo.be ymail.com rocketmail.com icloud.com me.com mac.com aol.com aol.fr \
    aim.com proton.me protonmail.com protonmail.ch pm.me tutanota.com tutanota.de tuta.io tuta.com keemail.me gmx.com gmx.fr \
    gmx.de gmx.net gmx.ch gmx.at web.de mail.com email.com usa.com zoho.com zohomail.eu yandex.com yandex.ru mail.ru bk.ru \
    inbox.ru list.ru rambler.ru qq.com 163.com 126.com sina.com foxmail.com fastmail.com fastmail.fm hey.com hushmail.com \
    mailbox.org posteo.de posteo.net duck.com mailfence.com startmail.com runbox.com disroot.org riseup.net laposte.net \
    orange.fr wanadoo.fr free.fr sfr.fr neuf.fr cegetel.net bbox.fr numericable.fr numericable.com noos.fr club-internet.fr \
    aliceadsl.fr alice.fr libertysurf.fr infonie.fr dbmail.com caramail.com voila.fr tele2.fr gmx.lu pt.lu skynet.be \
    telenet.be proximus.be voo.be scarlet.be bluewin.ch sunrise.ch hispeed.ch monaco.mc btinternet.com sky.com \
    virginmedia.com ntlworld.com talktalk.net tiscali.co.uk blueyonder.co.uk comcast.net verizon.net att.net sbcglobal.net \
    bellsouth.net cox.net charter.net earthlink.net rogers.com shaw.ca videotron.ca libero.it virgilio.it tiscali.it alice.it \
    tin.it t-online.de freenet.de arcor.de telefonica.net terra.es sapo.pt ziggo.nl kpnmail.nl xs4all.nl onet.pl wp.pl o2.pl \
    interia.pl seznam.cz centrum.cz mailinator.com yopmail.com yopmail.fr guerrillamail.com sharklasers.com 10minutemail.com \
    temp-mail.org tempmail.com trashmail.com jetable.org maildrop.cc getnada.com throwawaymail.com dispostable.com \
    mailcatch.com moakt.com";

static KNOWN: LazyLock<HashSet<&str>> = LazyLock::new(|| DOMAINS.split_whitespace().collect());

/// Whether mailboxes of this domain are private persons', by the built-in list.
pub(super) fn is_built_in(domain: &str) -> bool {
    KNOWN.contains(domain)
}
