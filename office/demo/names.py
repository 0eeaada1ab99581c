"""Given and family names by where they come from: members of the demo company are people of many.

Every list has names that are common there; no real person is meant.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Origin(NamedTuple):
    """Names that go together, and how many people in a hundred have them in each market."""

    given: tuple[str, ...]
    family: tuple[str, ...]
    share_us: int
    share_gb: int


def _origin(given: str, family: str, share_us: int, share_gb: int) -> Origin:
    return Origin(
        tuple(given.split()),
        tuple(name.replace("_", " ") for name in family.split()),
        share_us,
        share_gb,
    )


ORIGINS: Final = (
    _origin(  # English
        "Amelia Olivia Grace Hannah Emily Charlotte Lucy Alice Megan Rachel Claire Heather"
        " James Oliver Thomas William George Henry Samuel Daniel Peter Martin Stephen Andrew",
        "Ashworth Bennett Carter Dawson Ellis Fletcher Goddard Harper Hughes Kemp Lawson Marsh"
        " Norris Palmer Pickering Reeves Sutton Thornton Turner Walker Watts Whitfield Wright"
        " Yates",
        26,
        44,
    ),
    _origin(  # Scottish and Irish
        "Ailsa Eilidh Fiona Isla Kirsty Morag Aoife Niamh Siobhan Orla"
        " Alasdair Callum Euan Hamish Lachlan Rory Ciaran Declan Eoin Padraig",
        "Brodie Buchanan Cameron Drummond Ferguson Gallagher Kavanagh MacLeod McAllister McKenna"
        " Muir Murray O'Brien O'Connor O'Sullivan Quinn Rennie Sinclair Stewart Sweeney",
        8,
        16,
    ),
    _origin(  # Spanish and Latin American
        "Camila Lucía Valentina Mariana Gabriela Isabel Ximena Paola Rosa Daniela"
        " Mateo Santiago Diego Alejandro Javier Luis Andrés Emilio Rafael Héctor",
        "Aguilar Castillo Delgado Espinoza Fernández García Gutiérrez Herrera Jiménez Lozano"
        " Morales Núñez Ortega Peña Ramírez Rivas Salazar Soto Vargas Zamora",
        19,
        2,
    ),
    _origin(  # African American
        "Aaliyah Brianna Ebony Imani Jasmine Kiara Latoya Monique Tanisha Zora"
        " Andre Darius Deshawn Isaiah Jamal Malik Marcus Terrence Tyrone Xavier",
        "Baptiste Booker Chambers Coleman Dawkins Freeman Gaines Hairston Jefferson Langston"
        " Mosley Pettway Prince Randle Rollins Singletary Tubbs Vance Washington Whitaker",
        12,
        2,
    ),
    _origin(  # Indian
        "Aditi Ananya Deepa Divya Kavya Lakshmi Meera Nisha Priya Shreya"
        " Aarav Arjun Karthik Manish Nikhil Rahul Rohan Sanjay Vikram Vivek",
        "Agarwal Banerjee Chatterjee Desai Gupta Iyer Joshi Kapoor Kulkarni Malhotra Mehta Menon"
        " Nair Patel Rao Reddy Shah Sharma Srinivasan Venkatesan",
        5,
        9,
    ),
    _origin(  # Pakistani and Bangladeshi
        "Amina Ayesha Farah Hina Mahnoor Nadia Rukhsana Sana Tahmina Zainab"
        " Adeel Bilal Faisal Hamza Imran Kamran Nabil Rashid Tariq Usman",
        "Ahmed Akhtar Ali Begum Chaudhry Hossain Hussain Iqbal Karim Khan Malik Mirza Qureshi"
        " Rahman Siddiqui",
        2,
        8,
    ),
    _origin(  # Chinese
        "Hui Jing Lan Li Mei Ning Qian Xin Yan Yun Bo Chen Feng Hao Jun Lei Ming Tao Wei Zhi",
        "Cai Deng Fang Gao Guo Huang Jiang Liang Lin Liu Luo Song Tang Wu Xie Xu Yang Zhang Zhao"
        " Zhou",
        4,
        4,
    ),
    _origin(  # Vietnamese
        "Anh Bich Diem Hanh Huong Linh Mai Ngoc Thao Trang Binh Duc Hieu Khoa Long Minh Nam Phuc"
        " Quang Tuan",
        "Bui Cao Dang Dinh Duong Ho Huynh Le Ly Ngo Nguyen Pham Phan Tran Truong Vo",
        4,
        1,
    ),
    _origin(  # Korean
        "Eunji Haeun Jiwoo Minseo Seoyeon Soojin Yuna Yejin Donghyun Hyunwoo Jaehyun Junho Minjun"
        " Sangwoo Seungmin Taeyang",
        "Bae Baek Cho Choi Han Hwang Jung Kang Kim Kwon Lee Moon Oh Park Seo Shin Yoon",
        3,
        1,
    ),
    _origin(  # Filipino
        "Althea Analyn Bituin Corazon Jocelyn Liezel Maricel Rowena Tala Alon Benjo Crisanto Dante"
        " Jericho Nestor Rommel",
        "Abad Bautista Cabrera Dela_Cruz Dizon Evangelista Galang Lacson Macaraeg Magsaysay"
        " Mendoza Ocampo Pangilinan Reyes Santos Villanueva",
        4,
        2,
    ),
    _origin(  # Nigerian and Ghanaian
        "Abena Adaeze Amara Chiamaka Efua Folake Ifeoma Ngozi Temitope Yewande"
        " Ayodele Chidi Emeka Femi Kofi Kwame Obinna Olumide Segun Yaw",
        "Achebe Adeyemi Afolabi Agyeman Akinola Asante Balogun Boateng Danso Eze Mensah Nwosu"
        " Obi Okafor Okonkwo Olatunji Osei Owusu",
        3,
        4,
    ),
    _origin(  # Polish
        "Agnieszka Dorota Ewa Joanna Katarzyna Magdalena Małgorzata Zofia"
        " Bartosz Jakub Krzysztof Łukasz Mateusz Paweł Piotr Tomasz",
        "Borkowski Duda Grabowski Jankowski Kaczmarek Kowalczyk Krawczyk Lis Maj Nowak Pawlak"
        " Sikora Urban Wilk Wójcik Zając",
        2,
        4,
    ),
    _origin(  # Italian
        "Alessia Bianca Chiara Elisa Francesca Giulia Martina Silvia"
        " Alessandro Davide Fabio Gianluca Lorenzo Marco Matteo Stefano",
        "Amato Barbieri Bruno Caruso Conti D'Angelo De_Luca Esposito Ferrara Greco Lombardi"
        " Marchetti Ricci Rinaldi Romano Vitale",
        4,
        1,
    ),
    _origin(  # German and Dutch
        "Annika Greta Johanna Katrin Marieke Saskia Sabine Ursula"
        " Bastiaan Dirk Florian Jan Jürgen Lukas Sebastian Wouter",
        "Bakker Becker de_Vries Fischer Hoffmann Jansen Keller Köhler Meijer Neumann Richter"
        " Schröder van_Dijk Vogel Weber Zimmermann",
        3,
        1,
    ),
    _origin(  # Arabic
        "Dalia Fatima Hala Layla Mariam Noor Rania Yasmin"
        " Ahmad Hassan Ibrahim Karim Mahmoud Omar Samir Youssef",
        "Abdallah Awad Darwish El-Sayed Farouk Habib Haddad Hamdan Khalil Mansour Nasser Saleh"
        " Shaheen Tawfik",
        1,
        1,
    ),
)
