# A second reader of messages, independent of Python: Email::MIME. Files as arguments, a JSON line for each.
use strict; use warnings; use utf8;
use Email::MIME; use JSON::PP; use Digest::SHA qw(sha256_hex);
for my $path (@ARGV) {
open my $file, '<:raw', $path or die $!; local $/; my $mail = Email::MIME->new(<$file>);
my (@bodies, @files);
$mail->walk_parts(sub {
  my ($part) = @_;
  return if $part->subparts;
  if (($part->header('Content-Disposition') // '') =~ /^attachment/) {
    my ($name) = $part->header_raw('Content-Type') =~ /name="([^"]*)"/s;
    $name =~ s/\s*\n\s+/ /g;
    push @files, { disposition => $part->filename, type => $part->content_type =~ /^([^;\s]+)/ ? $1 : '',
                   words => Encode::decode('MIME-Header', $name), sha256 => sha256_hex($part->body) };
  } else { push @bodies, { type => $part->content_type =~ /^([^;\s]+)/ ? $1 : '', text => $part->body_str }; }
});
print JSON::PP->new->utf8->canonical->encode({
  map({ (lc($_) => $mail->header_str($_)) } qw(From To Subject Date Message-ID)), bodies => \@bodies, files => \@files }), "\n";
}
