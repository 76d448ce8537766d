using Supervisor.Filtering;
using Supervisor.Watcher.Coalescing;

namespace Supervisor.Unit.Watcher.Coalescing;

/// <summary>Names as programs and people give them.</summary>
public sealed class TemporaryNamesSpecs
{
    [Theory]
    [InlineData("tmpab12cd34", "Python's tempfile")]
    [InlineData("tmp_k3x_9qz", "Python's tempfile")]
    [InlineData("tmpqwertzui", "Python's tempfile, letters only")]
    [InlineData("tmpab12cd34.py", "Python's tempfile with a suffix")]
    [InlineData(".tmpAbCdEf", "Rust's tempfile")]
    [InlineData("tmp.AbCdEfGhIj", "mktemp")]
    [InlineData("tmp.8Kx2LmQ0pR", "mktemp")]
    [InlineData("4913", "vim's probe")]
    [InlineData("1732640000000", "a time stamp")]
    [InlineData(".goutputstream-XYZ123", "GLib")]
    [InlineData("sedA1b2C3", "sed -i")]
    [InlineData("3f2504e0-4f89-11d3-9a0c-0305e82c3301", "a UUID")]
    [InlineData("qt_temp.Ab1Cd2", "Qt")]
    [InlineData("new.py.1234567890", "write-file-atomic, of a new file")]
    [InlineData("new.py.tmp.4711.1732640000000", "a coding agent, of a new file")]
    [InlineData(".new.py.Xy12Zq", "rsync, of a new file")]
    [InlineData("main.tmp", "another ending")]
    [InlineData("~WRD0001.TMP", "Windows programs")]
    public void Nobody_names_a_source_like_this(string name, string by) => TemporaryNames.LooksTemporary(name).Should().BeTrue("it is of {0}", by);

    [Theory]
    [InlineData("views2.py")]
    [InlineData("test_utils.py")]
    [InlineData("manage.py")]
    [InlineData("0001_initial.py")]
    [InlineData("20240101120000_create_users.rb")]
    [InlineData("index.html")]
    [InlineData("README")]
    [InlineData("CHANGELOG")]
    [InlineData("Dockerfile")]
    [InlineData("Makefile")]
    [InlineData("404")]
    [InlineData("404.html")]
    [InlineData("main.pyi")]
    [InlineData("app.test.ts")]
    [InlineData("__init__.py")]
    [InlineData("MyComponent.tsx")]
    [InlineData("runAllTests")]
    [InlineData("camelCaseName.js")]
    [InlineData("base64.py")]
    [InlineData("utf8mb4.sql")]
    [InlineData("tmp.py")]
    [InlineData("tmp")]
    [InlineData("temporary.py")]
    [InlineData("tmpfiles.conf")]
    [InlineData("template.html")]
    [InlineData("sedentary")]
    [InlineData("x86_64")]
    [InlineData("package-lock.json")]
    [InlineData(".env")]
    [InlineData(".env.production")]
    [InlineData(".gitattributes")]
    [InlineData(".eslintrc.json")]
    [InlineData(".python-version")]
    [InlineData("data.2024.csv")]
    public void A_person_may_name_a_source_like_this(string name) => TemporaryNames.LooksTemporary(name).Should().BeFalse();

    [Theory]
    [InlineData("main.py.tmp.4711.1732640000000", "main.py")]
    [InlineData("main.py.1234567890", "main.py")]
    [InlineData("main.py.BxYZab", "main.py")]
    [InlineData(".main.py.Xy12Zq", "main.py")]
    [InlineData(".main.py1234567", "main.py")]
    [InlineData("main.py123456789", "main.py")]
    [InlineData("main.py___jb_tmp___", "main.py")]
    [InlineData("main.py~", "main.py")]
    [InlineData("main.py-new", "main.py")]
    [InlineData("#main.py#", "main.py")]
    [InlineData(".main.py", "main.py")]
    [InlineData("README.bak", "README")]
    [InlineData(".env.local", ".env")]
    public void A_name_extends_a_known_one(string name, string known) => TemporaryNames.Extends(name, other => other == known).Should().BeTrue();

    [Fact]
    public void Whatever_is_asked_for_can_be_a_name_on_disk()
    {
        var asked = new List<string>();

        TemporaryNames.Extends(".\U0001F600\udcff.py~", name =>
        {
            asked.Add(name);
            return false;
        });

        asked.Should().Contain("\U0001F600\udcff.py");
        asked.Should().AllSatisfy(name => FileName.Decode(FileName.Encode(name)).Should().Be(name));
    }

    [Theory]
    [InlineData("main.pyi", "main.py")]
    [InlineData("main.pyx2", "main.py")]
    [InlineData("main.py", "main.py")]
    [InlineData("app.test.ts", "app.ts")]
    [InlineData("views2.py", "views.py")]
    [InlineData("README2", "README")]
    [InlineData("runAllTests", "run")]
    [InlineData("domain.py", "main.py")]
    [InlineData("_index.scss", "index.scss")]
    public void A_name_is_one_of_its_own_beside_a_known_one(string name, string known) => TemporaryNames.Extends(name, other => other == known).Should().BeFalse();
}
