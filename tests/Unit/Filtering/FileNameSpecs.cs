using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Supervisor.Filtering;

namespace Supervisor.Unit.Filtering;

public sealed class FileNameSpecs
{
    [Fact]
    public void Every_sequence_of_bytes_comes_back_as_it_was() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(5_000),
        Prop.ForAll(
            Gen.OneOf(
                Gen.Choose(1, 255).Select(value => new[] { (byte)value }),
                Gen.Elements("é", "\U0001F600", "a", "\u0300").Select(Encoding.UTF8.GetBytes),
                Gen.Elements<byte[]>([0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF4, 0x90, 0x80, 0x80]))
                .ListOf().Select(pieces => pieces.SelectMany(piece => piece).ToArray()).ToArbitrary(),
            bytes => FileName.Encode(FileName.Decode(bytes)).SequenceEqual(bytes)));

    [Fact]
    public void Valid_names_are_decoded_as_everybody_does() =>
        FileName.Decode(Encoding.UTF8.GetBytes("naïve \U0001F600.py")).Should().Be("naïve \U0001F600.py");

    [Fact]
    public void A_byte_that_is_no_UTF8_becomes_a_lone_surrogate() =>
        FileName.Decode([(byte)'b', 0xFF, (byte)'d']).Should().Be("b\uDCFFd");

    [Fact]
    public void A_name_longer_than_the_usual_limit_is_decoded_too() =>
        FileName.Decode(Enumerable.Repeat((byte)0xFF, 4_000).ToArray()).Should().Be(new string('\uDCFF', 4_000));

    [Theory]
    [InlineData("plain.py", "plain.py")]
    [InlineData("two\nlines\t.py", @"two\nlines\t.py")]
    [InlineData("bell\u0007", @"bell\x07")]
    [InlineData("next\u0085line", @"next\x85line")]
    [InlineData(@"back\slash", @"back\\slash")]
    [InlineData("evil\u202Eyp.exe", @"evil\u202eyp.exe")]
    [InlineData("smile \U0001F600", "smile \U0001F600")]
    public void A_name_is_shown_on_one_line_of_valid_Unicode(string name, string shown) =>
        FileName.Printable(name).Should().Be(shown);

    [Fact]
    public void Undecodable_bytes_are_shown_as_bytes() =>
        FileName.Printable("bad\uDCFF.txt\U0001F600\uDC80").Should().Be("bad\\xff.txt\U0001F600\\x80");

    [Fact]
    public void A_string_that_no_name_decodes_to_is_refused()
    {
        var encode = () => FileName.Encode("\uD800");

        encode.Should().Throw<ArgumentException>();
    }
}
